"""MLflow's own evaluation: a few dozen scores and curves of a logged model on a data set, in one call."""

import mlflow
import sklearn
from data_files import columns, log_frame, part
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

mlflow.set_experiment("breast-cancer-screening")

train, test = part("breast_cancer", "train"), part("breast_cancer", "test")
features, target = columns(train)
unseen, truth = columns(test)

for name, model in {
    "logistic": make_pipeline(StandardScaler(), LogisticRegression()),
    "forest": RandomForestClassifier(n_estimators=60, random_state=0),
}.items():
    with mlflow.start_run(run_name=f"evaluate-{name}"):
        mlflow.log_input(train, context="training")
        model.fit(features, target)
        info = mlflow.sklearn.log_model(
            model,
            name=f"screening-{name}",
            input_example=features[:3],
            skops_trusted_types=["sklearn.tree._tree.Tree"],  # which a forest is made of
            pip_requirements=[f"scikit-learn=={sklearn.__version__}"],
        )
        mlflow.log_input(test, context="test")
        mlflow.models.evaluate(
            info.model_uri,
            test,
            model_type="classifier",
            evaluator_config={"log_model_explainability": False},
        )
        log_frame(unseen.assign(target=truth, prediction=model.predict(unseen)), "predictions.parquet")

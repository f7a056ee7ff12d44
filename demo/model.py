"""A model that can be used again: with signature, example and requirements, its scores tied to the data they were made on."""

import mlflow
import sklearn
from data_files import columns, log_frame, part
from sklearn.metrics import accuracy_score, f1_score
from sklearn.svm import SVC

mlflow.set_experiment("digits-network")

train, validation, test = (part("digits", which) for which in ["train", "validation", "test"])

for degree in [2, 3]:
    with mlflow.start_run(run_name=f"svm-degree-{degree}"):
        mlflow.log_input(train, context="training")
        mlflow.log_param("degree", degree)
        features, target = columns(train)
        svm = SVC(kernel="poly", degree=degree).fit(features, target)
        info = mlflow.sklearn.log_model(
            svm,
            name="digits-svm",
            input_example=features[:3],  # the signature is inferred from it
            params={"degree": degree},
            tags={"team": "reading"},
            pip_requirements=[f"scikit-learn=={sklearn.__version__}"],  # told, not guessed: guessing takes seconds
        )
        for name, dataset in [("validation", validation), ("test", test)]:
            mlflow.log_input(dataset, context=name)
            features, truth = columns(dataset)
            predicted = svm.predict(features)
            scores = {"accuracy": accuracy_score(truth, predicted), "f1": f1_score(truth, predicted, average="macro")}
            mlflow.log_metrics(scores, model_id=info.model_id, dataset=dataset)
        log_frame(features.assign(target=truth, prediction=predicted), "predictions.parquet")
        assert (mlflow.sklearn.load_model(info.model_uri).predict(features) == predicted).all()

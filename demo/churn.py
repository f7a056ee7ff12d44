"""Models learn from what the nightly job prepared, are tested on what it held out, registered, and deployed."""

import json
import os
import urllib.request

import mlflow
import sklearn
from data_files import FOLDER, columns, file_version, log_frame, part
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

if not (FOLDER / "churn" / "test.parquet").exists():
    import prepare  # noqa: F401 (which is what makes it)

mlflow.set_experiment("customer-churn")

train, validation, test = (part("churn", which) for which in ["train", "validation", "test"])
features, target = columns(train)


def log_part(dataset, which, context):
    """An input whose version is said outright. Without the tag, Cairn infers it from what the job wrote last before."""
    tags = {"cairn.dataset.version": file_version(FOLDER / "churn" / f"{which}.parquet")}
    mlflow.log_input(dataset, context=context, tags=tags)


def deploy(version, traffic=100):
    """As the last line of a pipeline, `cairn deploy record --model models:/churn/3 --to prod/churn`, does it."""
    record = {"endpoint": "prod/churn", "model": f"models:/churn/{version}", "traffic": traffic}
    headers = {"content-type": "application/json"}
    if token := os.environ.get("MLFLOW_TRACKING_TOKEN"):
        headers["authorization"] = f"Bearer {token}"
    address = f"{os.environ['MLFLOW_TRACKING_URI'].rstrip('/')}/api/v1/deployments"
    urllib.request.urlopen(urllib.request.Request(address, json.dumps(record).encode(), headers)).close()


for name, model in {
    "logistic": make_pipeline(StandardScaler(), LogisticRegression()),
    "forest": RandomForestClassifier(n_estimators=60, min_samples_leaf=5, random_state=0),
}.items():
    with mlflow.start_run(run_name=f"churn-{name}"):
        log_part(train, "train", "training")
        log_part(validation, "validation", "validation")
        mlflow.log_params({"kind": name, "features": ", ".join(features)})
        model.fit(features, target)
        unseen, truth = columns(validation)
        mlflow.log_metric("validation_auc", roc_auc_score(truth, model.predict_proba(unseen)[:, 1]))
        info = mlflow.sklearn.log_model(
            model,
            name="churn",
            registered_model_name="churn",
            input_example=features[:3],
            skops_trusted_types=["sklearn.tree._tree.Tree"],  # which a forest is made of
            pip_requirements=[f"scikit-learn=={sklearn.__version__}"],
        )
        # Only now, and only to judge: a model does not learn from its test set.
        log_part(test, "test", "test")
        held_out, truth = columns(test)
        predicted, score = model.predict(held_out), model.predict_proba(held_out)[:, 1]
        scores = {"test_accuracy": accuracy_score(truth, predicted), "test_auc": roc_auc_score(truth, score)}
        mlflow.log_metrics(scores, model_id=info.model_id, dataset=test)
        log_frame(held_out.assign(target=truth, prediction=predicted), "predictions.parquet")
    version = info.registered_model_version
    mlflow.MlflowClient().set_registered_model_alias("churn", "champion", version)
    deploy(version)

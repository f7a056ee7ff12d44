"""Datasets as inputs, logged models with parameters, tags, metrics on datasets, outputs, searches; a model saved and loaded."""

import os
import tempfile

import mlflow
import numpy
import pandas
import sklearn.datasets
from check import refused, report, same
from mlflow import MlflowClient
from mlflow.entities import LoggedModelInput, LoggedModelOutput, LoggedModelStatus
from sklearn.linear_model import LogisticRegression

client = MlflowClient()
experiment_id = client.create_experiment("logged models ü")
mlflow.set_experiment(experiment_id=experiment_id)

# --- Datasets -------------------------------------------------------------------------------------------------------
frame = sklearn.datasets.load_wine(as_frame=True).frame
folder = tempfile.mkdtemp()
source = os.path.join(folder, "wine.csv")
frame.to_csv(source, index=False)
train, test = frame.iloc[::2], frame.iloc[1::2]
train_set = mlflow.data.from_pandas(train, source=source, name="wine", targets="target")
test_set = mlflow.data.from_pandas(test, source=source, name="wine", targets="target")
array_set = mlflow.data.from_numpy(numpy.arange(12.0).reshape(3, 4), targets=numpy.zeros(3), name="zeros")


def entity(dataset):
    return dataset._to_mlflow_entity().to_dictionary()


def inputs(run_id):
    found = client.get_run(run_id).inputs.dataset_inputs
    return [(one.dataset.to_dictionary(), {tag.key: tag.value for tag in one.tags}) for one in found]


with mlflow.start_run(run_name="trains") as run:
    mlflow.log_input(train_set, context="training", tags={"note": "größer"})
    mlflow.log_input(test_set, context="testing")
    mlflow.log_input(array_set)
    mlflow.log_input(train_set, context="again", tags={"note": "later"})
expected = [
    (entity(train_set), {"mlflow.data.context": "training", "note": "größer"}),
    (entity(test_set), {"mlflow.data.context": "testing"}),
    (entity(array_set), {}),
]
same(inputs(run.info.run_id), expected, "inputs")
same(mlflow.data.get_source(client.get_run(run.info.run_id).inputs.dataset_inputs[0]).uri, source, "source")

with mlflow.start_run(run_name="idle") as idle:
    pass


def runs_where(text):
    return {one.info.run_name for one in client.search_runs([experiment_id], text)}


for text, names in [
    ("dataset.name = 'wine'", {"trains"}),
    ("dataset.name != 'wine'", {"trains"}),
    ("dataset.name LIKE 'Wine'", set()),
    ("dataset.name ILIKE 'Wine'", {"trains"}),
    ("dataset.context = 'training'", {"trains"}),
    ("dataset.context = 'again'", set()),
    (f"dataset.digest IN ('{train_set.digest}', 'x')", {"trains"}),
    ("dataset.name = 'zeros' AND dataset.context = 'testing'", {"trains"}),
]:
    same(runs_where(text), names, text)
found = client.search_runs([experiment_id], "dataset.name = 'wine'")[0]
same([one.dataset.to_dictionary() for one in found.inputs.dataset_inputs], [one for one, _ in expected], "in a search")

# --- Logged models --------------------------------------------------------------------------------------------------
many = {f"p{i}": str(i) for i in range(250)}
with mlflow.start_run(run_id=run.info.run_id):
    oak = mlflow.initialize_logged_model(name="oak", model_type="tree", params=many, tags={"team": "ü"})
same((oak.status, oak.source_run_id, oak.params), (LoggedModelStatus.PENDING, run.info.run_id, many), "initialised")
same(oak.artifact_location, f"mlflow-artifacts:/{experiment_id}/models/{oak.model_id}/artifacts", "its place")
oak = mlflow.finalize_logged_model(oak.model_id, LoggedModelStatus.READY)
same(oak.status, LoggedModelStatus.READY, "finalised")

elm = mlflow.create_external_model(name="elm", model_type="agent", source_run_id=idle.info.run_id, tags={"team": "b"})
same(elm.status, LoggedModelStatus.READY, "external")
ash = client.create_logged_model(experiment_id, name="ash", params={"p0": "x"})
same(ash.source_run_id or "", "", "no source")

mlflow.log_model_params({"late": "1"}, oak.model_id)
same(mlflow.get_logged_model(oak.model_id).params, {**many, "late": "1"}, "parameters")
try:
    mlflow.log_model_params({"late": "2"}, oak.model_id)
    raise SystemExit("a parameter was changed")
except mlflow.MlflowException as error:
    assert error.get_http_status_code() == 400, error

client.set_logged_model_tags(oak.model_id, {"stage": "tried", "team": "c"})
client.delete_logged_model_tag(oak.model_id, "stage")
same({k: v for k, v in mlflow.get_logged_model(oak.model_id).tags.items() if not k.startswith("mlflow.")}, {"team": "c"}, "tags")
refused(lambda: client.delete_logged_model_tag(oak.model_id, "stage"), "RESOURCE_DOES_NOT_EXIST")

# --- Metrics tied to model and dataset --------------------------------------------------------------------------------
with mlflow.start_run(run_id=run.info.run_id):
    mlflow.log_metric("acc", 0.5, step=1, timestamp=1000, model_id=oak.model_id, dataset=train_set)
    mlflow.log_metric("acc", 0.7, step=2, timestamp=2000, model_id=oak.model_id, dataset=test_set)
    mlflow.log_metrics({"acc": 0.9, "loss": 2.0}, step=3, timestamp=3000, model_id=elm.model_id)
    mlflow.log_metric("acc", 0.1, step=9, timestamp=9000)


def metrics(model_id):
    found = mlflow.get_logged_model(model_id).metrics or []
    return sorted((m.key, m.value, m.step, m.timestamp, m.run_id, m.dataset_name, m.dataset_digest) for m in found)


run_id = run.info.run_id
same(
    metrics(oak.model_id),
    [
        ("acc", 0.5, 1, 1000, run_id, "wine", train_set.digest),
        ("acc", 0.7, 2, 2000, run_id, "wine", test_set.digest),
    ],
    "metrics on datasets",
)
same(metrics(elm.model_id), [("acc", 0.9, 3, 3000, run_id, None, None), ("loss", 2.0, 3, 3000, run_id, None, None)], "metrics")
same([m.value for m in client.get_metric_history(run_id, "acc")], [0.5, 0.7, 0.9, 0.1], "the run has all of them")
same(client.get_run(run_id).data.metrics["acc"], 0.1, "the run's latest")

# --- Inputs and outputs of runs -----------------------------------------------------------------------------------------
client.log_outputs(run_id, [LoggedModelOutput(oak.model_id, step=4)])
client.log_inputs(idle.info.run_id, models=[LoggedModelInput(oak.model_id)])
same([(m.model_id, m.step) for m in client.get_run(run_id).outputs.model_outputs], [(oak.model_id, 4)], "outputs")
same([m.model_id for m in client.get_run(idle.info.run_id).inputs.model_inputs], [oak.model_id], "model inputs")

# --- Searches ---------------------------------------------------------------------------------------------------------


def models_where(text=None, **more):
    found = mlflow.search_logged_models([experiment_id], filter_string=text, output_format="list", **more)
    return [one.name for one in found]


for text, names in [
    (None, ["ash", "elm", "oak"]),
    ("name = 'oak'", ["oak"]),
    ("name != 'oak' AND model_type = 'agent'", ["elm"]),
    ("attributes.name LIKE '%a%'", ["ash", "oak"]),
    ("name IN ('oak', 'ash')", ["ash", "oak"]),
    (f"source_run_id = '{run_id}'", ["oak"]),
    (f"model_id = '{elm.model_id}'", ["elm"]),
    (f"creation_timestamp >= {oak.creation_timestamp}", ["ash", "elm", "oak"]),
    ("params.p0 = 'x'", ["ash"]),
    ("params.p0 != 'x'", ["oak"]),
    ("tags.team = 'b'", ["elm"]),
    ("metrics.acc > 0.6", ["elm", "oak"]),
    ("metrics.acc >= 0.9", ["elm"]),
    ("metrics.acc = 0.5", ["oak"]),
    ("metrics.loss < 3 AND metrics.acc < 1", ["elm"]),
]:
    same(models_where(text), names, text)
refused(lambda: models_where("datasets.name = 'x'"), "INVALID_PARAMETER_VALUE")

on_train = [{"dataset_name": "wine", "dataset_digest": train_set.digest}]
on_test = [{"dataset_name": "wine", "dataset_digest": test_set.digest}]
same(models_where(datasets=on_train), ["oak"], "any metric on a dataset")
same(models_where("metrics.acc > 0.6", datasets=on_train), [], "a metric on a dataset")
same(models_where("metrics.acc > 0.6", datasets=on_test), ["oak"], "a metric on another dataset")

by = lambda name, ascending, **more: [{"field_name": name, "ascending": ascending, **more}]
same(models_where(order_by=by("name", True)), ["ash", "elm", "oak"], "by name")
same(models_where(order_by=by("metrics.acc", True)), ["oak", "elm", "ash"], "by a metric")
same(models_where(order_by=by("metrics.acc", False)), ["elm", "oak", "ash"], "by a metric, descending")
same(models_where(order_by=by("metrics.acc", True, **on_train[0]))[0], "oak", "by a metric on a dataset")

pages, token = [], None
while True:
    page = client.search_logged_models([experiment_id], max_results=2, page_token=token)
    pages.append([one.name for one in page])
    token = page.token
    if not token:
        break
same(pages, [["ash", "elm"], ["oak"]], "pages")
table = mlflow.search_logged_models([experiment_id])
assert isinstance(table, pandas.DataFrame) and len(table) == 3, table

# --- Ends -------------------------------------------------------------------------------------------------------------
client.delete_logged_model(ash.model_id)
refused(lambda: mlflow.get_logged_model(ash.model_id), "RESOURCE_DOES_NOT_EXIST")
same(models_where(), ["elm", "oak"], "after the deletion")
client.delete_run(idle.info.run_id)
same(mlflow.get_logged_model(elm.model_id).name, "elm", "a model outlives its run")

# --- A model saved and loaded: its files go through the artifacts of the server --------------------------------------------
features, target = train.drop(columns="target"), train["target"]
with mlflow.start_run() as fits:
    fitted = LogisticRegression(max_iter=50).fit(features.to_numpy(), target)
    info = mlflow.sklearn.log_model(fitted, name="logistic", input_example=features.to_numpy()[:3], params={"c": 1})
logged = mlflow.get_logged_model(info.model_id)
same((logged.status, logged.source_run_id, logged.params), (LoggedModelStatus.READY, fits.info.run_id, {"c": "1"}), "logged")
same([m.model_id for m in client.get_run(fits.info.run_id).outputs.model_outputs], [info.model_id], "its run's output")
same({f.path for f in client.list_logged_model_artifacts(info.model_id)} >= {"MLmodel", "requirements.txt"}, True, "files")
for uri in [info.model_uri, f"models:/{info.model_id}"]:
    loaded = mlflow.sklearn.load_model(uri)
    same(loaded.predict(test.drop(columns="target").to_numpy()).tolist(), fitted.predict(test.drop(columns="target").to_numpy()).tolist(), uri)

report(experiment=experiment_id, run=run_id, model=oak.model_id, saved=info.model_id, digests=[train_set.digest, test_set.digest])

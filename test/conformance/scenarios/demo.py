"""What the demo logged, read back by the client and held against what went over the wire (the file LEDGER names it).

Models load by both kinds of URI and predict to the last bit what was stored beside them; every artifact is downloaded and
compared by its SHA-256; points, parameters, tags, data sets, outputs and models equal what was sent.
"""

import hashlib
import json
import os
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from urllib.parse import unquote, urlsplit

import mlflow
import pandas
import xgboost  # noqa: F401 (the flavour is loaded before files are, so that what it needs is there)
from check import report, same
from mlflow import MlflowClient

client = MlflowClient()
home = tempfile.mkdtemp()

# --- What was sent ------------------------------------------------------------------------------------------------------
files = {}  # path in the artifact tree → SHA-256 of the bytes last put there
points = defaultdict(list)  # (run, metric) → (step, timestamp, value)
params, tags, inputs, outputs = (defaultdict(dict) for _ in range(4))
models = {}  # id → what was said of it at its creation
states = {}
parents = {}

for line in Path(os.environ["LEDGER"]).read_text("utf-8").splitlines():
    call = json.loads(line)
    # Registering a second version, the client asks for the name again and takes the refusal for yes.
    expected = ["get-by-name", "registered-models/create"]
    assert call["status"] < 400 or call["method"] == "GET" or any(one in call["path"] for one in expected), f"refused: {call}"
    if call["status"] >= 400 or call["method"] == "GET":
        continue
    route = unquote(urlsplit(call["path"]).path).split("/api/2.0/")[-1]
    if route.startswith("mlflow-artifacts/artifacts/"):
        files[route.removeprefix("mlflow-artifacts/artifacts/")] = call["sha256"]
        continue
    said, answer = json.loads(call["body"] or "{}"), json.loads(call["answer"] or "{}")
    run_id = said.get("run_id")
    match route.removeprefix("mlflow/"):
        case "runs/create":
            run_id = answer["run"]["info"]["run_id"]
            tags[run_id].update({tag["key"]: tag["value"] for tag in said["tags"]})
            tags[run_id].setdefault("mlflow.runName", answer["run"]["info"]["run_name"])  # the server's choice
        case "runs/update":
            states[run_id] = said.get("status", states.get(run_id))
        case "runs/log-metric":
            points[run_id, said["key"]].append((int(said["step"]), int(said["timestamp"]), float(said["value"])))
        case "runs/log-parameter":
            params[run_id][said["key"]] = said["value"]
        case "runs/set-tag":
            tags[run_id][said["key"]] = said["value"]
        case "runs/log-batch":
            for point in said.get("metrics", []):
                points[run_id, point["key"]].append(
                    (int(point.get("step", 0)), int(point["timestamp"]), float(point["value"]))
                )
            params[run_id].update({param["key"]: param["value"] for param in said.get("params", [])})
            tags[run_id].update({tag["key"]: tag["value"] for tag in said.get("tags", [])})
        case "runs/log-inputs":
            for one in said.get("datasets", []):
                data = one["dataset"]
                key = (data["name"], data["digest"])
                inputs[run_id].setdefault(key, (data, {tag["key"]: tag["value"] for tag in one.get("tags", [])}))
        case "runs/outputs":
            outputs[run_id].update({one["model_id"]: int(one["step"]) for one in said["models"]})
        case "logged-models":
            models[answer["model"]["info"]["model_id"]] = said

# --- What is there ------------------------------------------------------------------------------------------------------
runs = [
    run for experiment in client.search_experiments() for run in client.search_runs([experiment.experiment_id])
]
same({run.info.run_id for run in runs}, set(tags), "the runs")


def tree(uri):
    """The files below a URI, downloaded."""
    below = Path(mlflow.artifacts.download_artifacts(uri, dst_path=tempfile.mkdtemp(dir=home)))
    found = {p.relative_to(below).as_posix(): p for p in below.rglob("*") if p.is_file()}
    found.pop("registered_model_meta", None)  # which the client itself puts beside a model that it downloads
    return {path: hashlib.sha256(file.read_bytes()).hexdigest() for path, file in found.items()}


def logged_below(uri):
    """The files that were put below an artifact URI."""
    root = uri.removeprefix("mlflow-artifacts:/") + "/"
    return {path.removeprefix(root): digest for path, digest in files.items() if path.startswith(root)}


read = 0
for run in runs:
    run_id, data = run.info.run_id, run.data
    what = f"of {run.info.run_name}"
    same(run.info.status, states[run_id], f"the state {what}")
    same(data.params, params[run_id], f"parameters {what}")
    same(data.tags, tags[run_id], f"tags {what}")
    same(set(data.metrics), {key for run, key in points if run == run_id}, f"metrics {what}")
    for key in data.metrics:
        found = [(point.step, point.timestamp, point.value) for point in client.get_metric_history(run_id, key)]
        # A point that is sent again is the same point.
        same(sorted(found), sorted(set(points[run_id, key])), f"the points of {key} {what}")
        same(data.metrics[key], max(found)[2], f"the latest of {key} {what}")
    told = {
        (one.dataset.name, one.dataset.digest): (one.dataset.to_dictionary(), {tag.key: tag.value for tag in one.tags})
        for one in run.inputs.dataset_inputs
    }
    same(told.keys(), inputs[run_id].keys(), f"data sets {what}")
    for key, (dataset, context) in told.items():
        sent, sent_context = inputs[run_id][key]
        same(context, sent_context, f"tags of {key} {what}")
        same((dataset["name"], dataset["digest"]), (sent["name"], sent["digest"]), f"{key} {what}")
    same({one.model_id: one.step for one in run.outputs.model_outputs}, outputs[run_id], f"outputs {what}")
    if "mlflow.parentRunId" in data.tags:
        parents[run_id] = data.tags["mlflow.parentRunId"]
    expected = logged_below(run.info.artifact_uri)
    if expected:
        same(tree(run.info.artifact_uri), expected, f"files {what}")
        read += len(expected)
    else:
        same(client.list_artifacts(run_id), [], f"files {what}")
for child, parent in parents.items():
    found = client.search_runs([client.get_run(parent).info.experiment_id], f"tags.`mlflow.parentRunId` = '{parent}'")
    assert child in {run.info.run_id for run in found}, child

# Data sets: their files are where the source says, and still what was logged (save the one that was made to change).
sources = {}
for by_run in inputs.values():
    for (name, digest), (data, _) in by_run.items():
        if data["source_type"] != "local":
            continue
        path = json.loads(data["source"])["uri"]
        frame = pandas.read_parquet(path) if path.endswith("parquet") else pandas.read_csv(path)
        sources.setdefault(path, set()).add(digest)
        now = mlflow.data.from_pandas(frame, source=path, name=name, targets="target").digest
        assert now == digest or name == "diabetes-readings", (name, digest, now)

# --- Models ---------------------------------------------------------------------------------------------------------------
predictions = 0
for model_id, said in models.items():
    model = mlflow.get_logged_model(model_id)
    what = f"of the model {model.name}"
    same((model.name, model.source_run_id, str(model.status)), (said["name"], said["source_run_id"], "READY"), f"facts {what}")
    same(model.params, {one["key"]: one["value"] for one in said.get("params", [])} | model.params, f"parameters {what}")
    expected = logged_below(model.artifact_location)
    assert "MLmodel" in expected, expected
    same(tree(f"models:/{model_id}"), expected, f"files {what}")
    read += len(expected)
    # The run it came from stored what it said about the test set.
    stored = pandas.read_parquet(client.download_artifacts(model.source_run_id, "predictions.parquet"))
    features = stored.drop(columns=["target", "prediction"])
    for uri in [f"models:/{model_id}", f"runs:/{model.source_run_id}/{model.name}"]:
        loaded = mlflow.pyfunc.load_model(uri)
        again = pandas.Series(loaded.predict(features)).astype(stored["prediction"].dtype)
        same(again.to_numpy().tobytes(), stored["prediction"].to_numpy().tobytes(), f"predictions of {uri}")
        assert loaded.metadata.signature is not None or model.name == "model", uri
        predictions += len(again)

report(
    runs=len(runs),
    children=len(parents),
    states=Counter(run.info.status for run in runs),
    points=sum(len(set(some)) for some in points.values()),
    longest=max(len(some) for some in points.values()),
    files=read,
    models=len(models),
    predictions=predictions,
    sources={Path(path).parent.name + "/" + Path(path).name: len(digests) for path, digests in sources.items()},
)

"""Fills the MLflow at MLFLOW_TRACKING_URI with what a team leaves in years, by its own client: nested runs, NaN, equal steps,
deleted things, data sets, logged models, artifacts. Arguments: how many runs, and the points of each series."""

import math
import os
import random
import sys
import tempfile
import time

from mlflow import MlflowClient
from mlflow.entities import (
    Dataset,
    DatasetInput,
    InputTag,
    LoggedModelInput,
    LoggedModelOutput,
    LoggedModelParameter,
    LoggedModelStatus,
    Metric,
    Param,
    RunTag,
)

runs, points = int(sys.argv[1]), int(sys.argv[2])
chance = random.Random(7)
client = MlflowClient()


def history(key, count):
    """Steps come again, values are NaN and infinite, times stand still."""
    begun = 1_700_000_000_000
    values = [chance.gauss(0, 1) for _ in range(count)]
    if count > 4:
        values[1], values[2], values[3] = math.nan, math.inf, -math.inf
    found = [Metric(key, value, begun + 10 * (i // 2), i - i % 3) for i, value in enumerate(values)]
    return found + found[:1]


client.set_experiment_tag("0", "mlflow.note.content", "the first one")
experiments = [
    client.create_experiment(name, tags={"team": name, "empty": ""})
    for name in ["vision", "Sprache/größe 🚀", "speech", "abandoned"]
]
ids = ["0", *experiments]
parent = None
made = []
for number in range(runs):
    experiment = ids[number % len(ids)]
    tags = {"kind": f"k{number % 7}", "multi": "a\nb\tc", "mlflow.user": f"user{number % 3}"}
    if parent is not None and number % 5 in (1, 2):
        tags["mlflow.parentRunId"] = parent
    run = client.create_run(experiment, run_name=f"run {number}", tags=tags, start_time=1_700_000_000_000 + number)
    run_id = run.info.run_id
    if number % 5 == 0:
        parent = run_id
    keys = [f"m{i}" for i in range(number % 4)] + (["a/b c.d-e"] if number % 11 == 0 else [])
    logged = [metric for key in keys for metric in history(key, points)]
    client.log_batch(
        run_id,
        metrics=[],
        params=[Param(f"p{i}", str(chance.random())) for i in range(5)] + [Param("empty", "")],
        tags=[RunTag("late", "ü" * (number % 50))],
    )
    for start in range(0, len(logged), 900):
        client.log_batch(run_id, metrics=logged[start : start + 900])
    if number % 6 == 0:
        data = Dataset(f"data{number % 3}", f"d{number % 4}", "local", '{"uri": "s3://b/x"}', '{"cols": []}', None)
        client.log_inputs(run_id, [DatasetInput(data, [InputTag("mlflow.data.context", "training"), InputTag("by", "x")])])
    if number % 10 == 0:
        model = client.create_logged_model(
            experiment, name=f"model{number}", source_run_id=run_id, tags={"t": "v"}, params={"depth": "3"}, model_type="tree"
        )
        client.log_metric(run_id, "auc", 0.5 + number / 1e4, model_id=model.model_id, dataset_name="data0", dataset_digest="d0", step=1)
        client.log_metric(run_id, "auc", 0.6 + number / 1e4, model_id=model.model_id, step=2)
        client.log_outputs(run_id, [LoggedModelOutput(model.model_id, 3)])
        if made:
            client.log_inputs(run_id, models=[LoggedModelInput(made[-1][1])])
        if number % 20 == 0:
            client.finalize_logged_model(model.model_id, LoggedModelStatus.READY)
        made.append((run_id, model.model_id))
    if number % 25 == 0:
        with tempfile.TemporaryDirectory() as folder:
            for path, text in [("a.txt", f"run {number}"), ("deep/b ö.bin", "x" * 100_000)]:
                os.makedirs(os.path.dirname(os.path.join(folder, path)) or folder, exist_ok=True)
                with open(os.path.join(folder, path), "w") as file:
                    file.write(text)
            client.log_artifacts(run_id, folder)
    if number % 9 != 8:
        client.set_terminated(run_id, ["FINISHED", "FAILED", "KILLED"][number % 3], end_time=1_700_000_100_000 + number)
    if number % 13 == 12:
        client.delete_run(run_id)
if made:
    for name in ["trees", "größe"]:
        client.create_registered_model(name, tags={"owner": "ada"}, description="what it is")
        for number, (run_id, model_id) in enumerate(made[1:4]):
            source = f"models:/{model_id}" if number else f"runs:/{run_id}/model"
            logged = model_id if number else None
            client.create_model_version(
                name, source, run_id, tags={"n": str(number)}, description="one", model_id=logged
            )
        client.set_registered_model_alias(name, "champion", "2")
        client.delete_model_version(name, "3")
    client.transition_model_version_stage("trees", "1", "Production")
for _, model_id in made[::4]:
    client.delete_logged_model(model_id)
client.delete_experiment(experiments[-1])
print("filled")

"""Before and after `cairn gc`: PHASE=fill trains, registers and deletes; PHASE=check, with what that told in TOLD, looks for what is
gone and loads what must still load."""

import json
import os
import tempfile

import mlflow
import numpy
from mlflow import MlflowClient
from mlflow.entities import ViewType
from mlflow.exceptions import MlflowException, RestException
from sklearn.linear_model import LinearRegression

client = MlflowClient()
rows = numpy.arange(12.0).reshape(6, 2)
target = rows[:, 0] * 3 + rows[:, 1]


def predictions(uri):
    return mlflow.sklearn.load_model(uri).predict(rows).tolist()


def code_of(action):
    try:
        action()
    except (RestException, MlflowException) as error:
        return error.error_code
    return None


def fill():
    mlflow.set_experiment("purged here")
    model = LinearRegression().fit(rows, target)
    wanted = model.predict(rows).tolist()
    with mlflow.start_run(run_name="of a logged model") as logged:
        mlflow.log_params({"depth": 3})
        mlflow.log_metrics({"loss": 0.25}, step=1)
        mlflow.log_text("kept nowhere", "notes.txt")
        mlflow.log_input(mlflow.data.from_numpy(rows, targets=target), context="training")
        info = mlflow.sklearn.log_model(model, name="model", registered_model_name="logged", serialization_format="cloudpickle")
    with mlflow.start_run(run_name="of a run's folder") as folder:
        with tempfile.TemporaryDirectory() as place:
            path = os.path.join(place, "model")
            mlflow.sklearn.save_model(model, path, serialization_format="cloudpickle")
            mlflow.log_artifacts(path, "model")
        mlflow.log_text("not of the model", "notes.txt")
    client.create_registered_model("folder")
    client.create_model_version("folder", f"{folder.info.artifact_uri}/model", folder.info.run_id)
    for name in ["logged", "folder"]:
        client.set_registered_model_alias(name, "champion", "1")
    live = []
    for number in range(3):
        with mlflow.start_run(run_name=f"live {number}") as run:
            mlflow.log_params({"depth": number, "text": "ü" * 300})
            for step in range(5):
                mlflow.log_metric("loss", [float("nan"), 1.5, float("inf"), -0.0, 2][step], step=step)
            mlflow.log_text(f"run {number}", "deep/notes ö.txt")
            mlflow.sklearn.log_model(model, name="model", serialization_format="cloudpickle")
        live.append(run.info.run_id)
    with mlflow.start_run(run_name="parent") as parent:
        with mlflow.start_run(run_name="child", nested=True) as child:
            mlflow.log_metric("loss", 1)
    gone = [logged.info.run_id, folder.info.run_id, parent.info.run_id]
    for run_id in gone:
        client.delete_run(run_id)
    abandoned = client.create_experiment("abandoned")
    gone.append(client.create_run(abandoned).info.run_id)
    client.delete_experiment(abandoned)
    return {
        "wanted": wanted,
        "gone": gone,
        "live": [*live, child.info.run_id],
        "abandoned": abandoned,
        "model": info.model_id,
        "folder": folder.info.artifact_uri,
    }


def check(told):
    for name in ["logged", "folder"]:
        assert predictions(f"models:/{name}@champion") == told["wanted"], name
        assert predictions(f"models:/{name}/1") == told["wanted"], name
        assert client.get_model_version_by_alias(name, "champion").run_id in told["gone"]
    assert client.get_logged_model(told["model"]).source_run_id == told["gone"][0]
    assert predictions(f"models:/{told['model']}") == told["wanted"]
    for run_id in told["live"]:
        assert client.get_run(run_id).info.lifecycle_stage == "active"
    live = [client.get_run(run_id) for run_id in told["live"][:3]]
    for number, run in enumerate(live):
        text = mlflow.artifacts.load_text(f"{run.info.artifact_uri}/deep/notes ö.txt")
        assert text == f"run {number}"
        [output] = run.outputs.model_outputs
        assert predictions(f"models:/{output.model_id}") == told["wanted"]
    for run_id in told["gone"]:
        assert code_of(lambda: client.get_run(run_id)) == "RESOURCE_DOES_NOT_EXIST"
        assert code_of(lambda: client.restore_run(run_id)) == "RESOURCE_DOES_NOT_EXIST"
    assert code_of(lambda: client.get_experiment(told["abandoned"])) == "RESOURCE_DOES_NOT_EXIST"
    found = mlflow.search_runs(
        search_all_experiments=True, run_view_type=ViewType.ALL, output_format="list", max_results=100
    )
    assert sorted(run.info.run_id for run in found) == sorted(told["live"])
    # Beside the model nothing is left of the run that the version was made of.
    assert code_of(lambda: mlflow.artifacts.load_text(f"{told['folder']}/notes.txt")) is not None
    fresh = client.create_experiment("abandoned")
    assert fresh != told["abandoned"]
    # What is there goes on.
    with mlflow.start_run(run_id=told["live"][0]):
        mlflow.log_metric("loss", 3, step=9)
    return {"checked": True}


phase = os.environ["PHASE"]
print(json.dumps(fill() if phase == "fill" else check(json.loads(os.environ["TOLD"]))))

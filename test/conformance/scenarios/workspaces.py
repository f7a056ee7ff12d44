"""Two teams with workspaces of their own: each finds its experiments, runs, files and models, and nothing of the other's."""

import os
import tempfile

import mlflow
from check import refused, report, same
from mlflow import MlflowClient

blue, green = "blue-team", "green-team"
same(mlflow.create_workspace(blue, description="the blues").description, "the blues", "create_workspace")
mlflow.create_workspace(green)
refused(lambda: mlflow.create_workspace(green), "RESOURCE_ALREADY_EXISTS", "already exists")
same([w.name for w in mlflow.list_workspaces() if w.name.endswith("-team")], [blue, green], "list_workspaces")
same(mlflow.update_workspace(green, description="the greens").description, "the greens", "update_workspace")
same(mlflow.get_workspace(green).description, "the greens", "get_workspace")
refused(lambda: mlflow.delete_workspace(green), "NOT_IMPLEMENTED", "is kept")


def work(workspace):
    """Logs a run with a file and a version of a model, all under names that the other team takes as well."""
    mlflow.set_workspace(workspace)
    mlflow.set_experiment("shared name")
    with mlflow.start_run(run_name=workspace) as run:
        mlflow.log_metric("score", len(workspace))
        mlflow.log_text(f"by {workspace}", "notes/note.txt")
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "large.bin")
            with open(file, "wb") as out:
                out.write(workspace.encode() * 700_000)
            mlflow.log_artifact(file)
    client = MlflowClient()
    client.create_registered_model("oak")
    version = client.create_model_version("oak", f"runs:/{run.info.run_id}/notes", run.info.run_id)
    client.set_registered_model_alias("oak", "champion", version.version)
    return run.info.run_id


# Files of a few megabytes go in parts, to addresses that are handed out.
os.environ["MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE"] = str(5 * 1024 * 1024)
os.environ["MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE"] = str(5 * 1024 * 1024)
runs = {workspace: work(workspace) for workspace in (blue, green)}

for workspace, other in ((blue, green), (green, blue)):
    mlflow.set_workspace(workspace)
    client = MlflowClient()
    found = mlflow.search_runs(search_all_experiments=True, output_format="list")
    same([(run.info.run_id, run.data.metrics) for run in found], [(runs[workspace], {"score": len(workspace)})], "runs")
    same(mlflow.artifacts.load_text(f"runs:/{runs[workspace]}/notes/note.txt"), f"by {workspace}", "artifact")
    with open(mlflow.artifacts.download_artifacts(f"runs:/{runs[workspace]}/large.bin"), "rb") as file:
        same(file.read() == workspace.encode() * 700_000, True, "file in parts")
    same(client.get_model_version_by_alias("oak", "champion").run_id, runs[workspace], "alias")
    same([model.name for model in client.search_registered_models()], ["oak"], "models")
    refused(lambda: client.get_run(runs[other]), "RESOURCE_DOES_NOT_EXIST")
    refused(lambda: client.log_metric(runs[other], "stolen", 1), "RESOURCE_DOES_NOT_EXIST")
    refused(lambda: client.delete_run(runs[other]), "RESOURCE_DOES_NOT_EXIST")

mlflow.set_workspace("nobodys")
refused(lambda: MlflowClient().search_experiments(), "RESOURCE_DOES_NOT_EXIST", "nobodys")

mlflow.set_workspace(None)
client = MlflowClient()
same(client.get_experiment_by_name("shared name"), None, "experiment of a team, looked for in default")
refused(lambda: client.get_run(runs[blue]), "RESOURCE_DOES_NOT_EXIST")
report(runs=len(runs))

"""A script that knows of no workspace, started by a team that has one: after workspaces.py, with MLFLOW_WORKSPACE set."""

import os

import mlflow
from check import report, same
from mlflow import MlflowClient

same(os.environ["MLFLOW_WORKSPACE"], "blue-team", "environment")
client = MlflowClient()
same({experiment.name for experiment in client.search_experiments()}, {"Default", "shared name"}, "experiments")
same([run.info.run_name for run in mlflow.search_runs(search_all_experiments=True, output_format="list")], ["blue-team"], "runs")
with mlflow.start_run() as run:
    mlflow.log_param("depth", 3)
same(client.get_run(run.info.run_id).info.experiment_id, client.get_experiment_by_name("Default").experiment_id, "experiment")
report(run=run.info.run_id)

"""Experiments and runs made, found, renamed, deleted and brought back, with the searches people write."""

import mlflow
from check import refused, report, same
from mlflow import MlflowClient
from mlflow.entities import ViewType

client = MlflowClient()
assert client.get_experiment("0").name == "Default"
assert client.get_experiment_by_name("no such experiment") is None

first = mlflow.set_experiment("lifecycle")
same(mlflow.set_experiment("lifecycle").experiment_id, first.experiment_id, "set_experiment twice")
ids = [first.experiment_id]
refused(lambda: client.create_experiment("lifecycle"), "RESOURCE_ALREADY_EXISTS", "already exists")
client.rename_experiment(first.experiment_id, "lifecycle 2")
client.set_experiment_tag(first.experiment_id, "team", "blue")
client.set_experiment_tag(first.experiment_id, "old", "x")
client.delete_experiment_tag(first.experiment_id, "old")
found = client.search_experiments(filter_string="tags.team = 'blue' AND name LIKE 'life%'", order_by=["name ASC"])
same([(e.name, e.tags) for e in found], [("lifecycle 2", {"team": "blue"})], "search_experiments")

runs = []
for i in range(7):
    run = client.create_run(first.experiment_id, start_time=1000 + i, run_name=f"run {i}", tags={"even": str(i % 2 == 0)})
    client.log_metric(run.info.run_id, "score", [0.3, float("nan"), 0.9, 0.5, float("inf"), -1.0, 0.5][i])
    if i != 3:
        client.log_param(run.info.run_id, "depth", i)
    client.set_terminated(run.info.run_id, "FINISHED" if i < 5 else "FAILED", end_time=2000 + i)
    runs.append(run.info.run_id)


def names(filter_string="", order_by=None, view=ViewType.ACTIVE_ONLY, max_results=100):
    found = client.search_runs(ids, filter_string, view, max_results, order_by)
    return [int(run.info.run_name[-1]) for run in found]


same(names(), [6, 5, 4, 3, 2, 1, 0], "newest first")
same(names("metrics.score > 0.4"), [6, 4, 3, 2], "metric")
same(names("metrics.score > 0.4 and attributes.status = 'FINISHED'"), [4, 3, 2], "metric and status")
same(names("params.depth != '2'"), [6, 5, 4, 1, 0], "parameter")
same(names("params.depth IS NULL"), [3], "missing parameter")
same(names("tags.even = 'True' AND run_name LIKE 'run %'"), [6, 4, 2, 0], "tag and name")
same(names("attributes.start_time >= 1004"), [6, 5, 4], "time")
same(names(f"run_id IN ('{runs[0]}', '{runs[1]}')"), [1, 0], "ids")
same(names(order_by=["metrics.score ASC"]), [5, 0, 6, 3, 2, 4, 1], "by metric")
same(names(order_by=["metrics.score DESC"]), [4, 2, 6, 3, 0, 5, 1], "by metric, falling")
same(names(order_by=["params.depth DESC"]), [6, 5, 4, 2, 1, 0, 3], "by parameter")
same(names(order_by=["start_time ASC"]), [0, 1, 2, 3, 4, 5, 6], "by time")
refused(lambda: names("metrics.score > 'a'"), "INVALID_PARAMETER_VALUE", "Expected numeric value type for metric")
refused(lambda: names("params.depth = 2"), "INVALID_PARAMETER_VALUE", "Expected a quoted string value")
refused(lambda: names("bogus.x = '1'"), "INVALID_PARAMETER_VALUE", "Invalid entity type")
refused(lambda: names(order_by=["score SIDEWAYS"]), "INVALID_PARAMETER_VALUE", "Invalid order")

seen, token = [], None
while True:
    page = client.search_runs(ids, max_results=3, page_token=token, order_by=["metrics.score DESC"])
    seen += [int(run.info.run_name[-1]) for run in page]
    token = page.token
    if not token:
        break
same(seen, [4, 2, 6, 3, 0, 5, 1], "pages")

client.delete_run(runs[0])
client.delete_run(runs[0])
same(names(), [6, 5, 4, 3, 2, 1], "without the deleted")
same(names(view=ViewType.DELETED_ONLY), [0], "only the deleted")
same(names(view=ViewType.ALL), [6, 5, 4, 3, 2, 1, 0], "all")
same(client.get_run(runs[0]).info.lifecycle_stage, "deleted", "deleted run")
refused(lambda: client.log_metric(runs[0], "score", 1), "INVALID_PARAMETER_VALUE", "must be in the 'active' state")
client.restore_run(runs[0])
same(len(names()), 7, "restored run")

client.delete_experiment(first.experiment_id)
same(client.get_experiment(first.experiment_id).lifecycle_stage, "deleted", "deleted experiment")
same(client.get_run(runs[1]).info.lifecycle_stage, "deleted", "its runs")
refused(lambda: client.create_run(first.experiment_id), "INVALID_PARAMETER_VALUE", "must be in the 'active' state")
refused(lambda: client.create_experiment("lifecycle 2"), "RESOURCE_ALREADY_EXISTS")
gone = client.search_experiments(view_type=ViewType.DELETED_ONLY)
assert first.experiment_id in [e.experiment_id for e in gone]
client.restore_experiment(first.experiment_id)
same(len(names()), 7, "restored experiment")
client.update_run(runs[2], status="RUNNING", name="run 2")
same(client.get_run(runs[2]).info.status, "RUNNING", "running again")

refused(lambda: client.get_run("0" * 32), "RESOURCE_DOES_NOT_EXIST", "not found")
refused(lambda: client.get_experiment("987654"), "RESOURCE_DOES_NOT_EXIST")
report(runs=len(runs), experiment=first.experiment_id)

"""Values at the edges: NaN, infinities, int64 steps, tiny and huge doubles, Unicode, long texts, repeats."""

import math

import mlflow
from check import history, refused, report, same
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag

client = MlflowClient()
experiment_id = client.create_experiment("values ✓ 日本 😀", tags={"purpose": "edges", "empty": ""})
run_id = client.create_run(experiment_id, start_time=1000, run_name="edges", tags={"unicode": "ßé日本😀"}).info.run_id

numbers = [0.1, 1e-7, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, -1e21, 123456789.123456789, 1 / 3, 2**53]
client.log_batch(run_id, metrics=[Metric("numbers", value, i, i) for i, value in enumerate(numbers)])
same(history(client, run_id, "numbers"), [(i, i, float(v)) for i, v in enumerate(numbers)], "doubles")

odd = [math.nan, math.inf, -math.inf]
for i, value in enumerate(odd):
    client.log_metric(run_id, "odd", value, timestamp=i, step=i)
same([value for _, _, value in history(client, run_id, "odd")], odd, "NaN and infinities")
for i, value in enumerate(odd):
    client.log_metric(run_id, f"latest {i}", value, timestamp=1, step=1)
same([client.get_run(run_id).data.metrics[f"latest {i}"] for i in range(3)], odd, "latest of them")

steps = [-(2**63), -1, 0, 2**53 + 1, 2**63 - 1]
client.log_batch(run_id, metrics=[Metric("steps", 1.0, 5, step) for step in steps])
same([step for step, _, _ in history(client, run_id, "steps")], steps, "int64 steps")
client.log_metric(run_id, "late", 1.0, timestamp=2**63 - 1)
same(history(client, run_id, "late"), [(0, 2**63 - 1, 1.0)], "int64 time")

# The latest point is the one of the greatest step, then time, then value; repeats of a point are one point.
for step, timestamp, value in [(3, 5, 1.0), (3, 4, 9.0), (1, 9, 7.0), (3, 5, 2.0), (3, 5, 2.0), (3, 5, 1.0)]:
    client.log_metric(run_id, "latest", value, timestamp=timestamp, step=step)
same(client.get_run(run_id).data.metrics["latest"], 2.0, "latest")
same(history(client, run_id, "latest"), [(3, 4, 9.0), (3, 5, 1.0), (3, 5, 2.0), (1, 9, 7.0)], "order and repeats")

client.log_param(run_id, "text", "日本\n\t\"quoted\" 😀")
client.log_param(run_id, "text", "日本\n\t\"quoted\" 😀")
client.log_param(run_id, "empty", "")
client.log_param(run_id, "long", "x" * 6000)
client.log_param(run_id, "a/b c.d-e:f_é日", 5)
refused(lambda: client.log_param(run_id, "text", "other"), "INVALID_PARAMETER_VALUE", "Changing param values is not allowed")
refused(lambda: client.log_param(run_id, "bad#name", 1), "INVALID_PARAMETER_VALUE", "Names may only contain")
refused(
    lambda: client.log_batch(run_id, params=[Param("twice", "1"), Param("twice", "2")]),
    "INVALID_PARAMETER_VALUE",
    "Duplicate parameter keys",
)
# The client splits what is over the limits of a batch.
client.log_batch(run_id, tags=[RunTag(f"many {i}", str(i)) for i in range(150)])
same(sum(key.startswith("many ") for key in client.get_run(run_id).data.tags), 150, "150 tags")
same(
    client.get_run(run_id).data.params,
    {"text": "日本\n\t\"quoted\" 😀", "empty": "", "long": "x" * 6000, "a/b c.d-e:f_é日": "5"},
    "parameters",
)

client.set_tag(run_id, "html", "<script>alert(1)</script>")
client.set_tag(run_id, "gone", "soon")
client.delete_tag(run_id, "gone")
client.set_tag(run_id, "mlflow.runName", "renamed by tag")
run = client.get_run(run_id)
same(run.info.run_name, "renamed by tag", "name by tag")
same(run.data.tags["html"], "<script>alert(1)</script>", "markup")
assert "gone" not in run.data.tags
refused(lambda: client.delete_tag(run_id, "gone"), "RESOURCE_DOES_NOT_EXIST", "No tag with name: gone")
client.set_terminated(run_id, "FAILED", end_time=2000)
info = client.get_run(run_id).info
same((info.status, info.start_time, info.end_time), ("FAILED", 1000, 2000), "end")

experiment = client.get_experiment_by_name("values ✓ 日本 😀")
same(experiment.tags, {"purpose": "edges", "empty": ""}, "experiment tags")
same(mlflow.get_experiment(experiment_id).name, experiment.name, "experiment")
report(run=run_id, experiment=experiment_id)

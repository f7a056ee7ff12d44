"""A model trained step by step: thousands of points through every way the client has to log them, read back equal."""

import time

import mlflow
from check import history, report, same, size
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag
from sklearn.datasets import load_digits
from sklearn.linear_model import SGDClassifier
from sklearn.metrics import log_loss

EPOCHS = size(40, 4)
BATCHES = size(30, 3)

X, y = load_digits(return_X_y=True)
X = X / 16.0
classes = sorted(set(y))
model = SGDClassifier(loss="log_loss", random_state=0, learning_rate="constant", eta0=0.05)

mlflow.set_experiment("digits: epochs")
client = MlflowClient()
written = {}


def remember(key, step, timestamp, value):
    written.setdefault(key, []).append((step, timestamp, value))


with mlflow.start_run(run_name="sgd") as active:
    run_id = active.info.run_id
    mlflow.log_params({"epochs": EPOCHS, "batches": BATCHES, "eta0": 0.05})
    step = 0
    for epoch in range(EPOCHS):
        points = []
        for batch in range(BATCHES):
            rows = slice(batch * 32, batch * 32 + 32)
            model.partial_fit(X[rows], y[rows], classes=classes)
            loss = float(log_loss(y[rows], model.predict_proba(X[rows]), labels=classes))
            now = int(time.time() * 1000)
            for key, value in (("batch/loss", loss), ("batch/accuracy", float(model.score(X[rows], y[rows])))):
                points.append(Metric(key, value, now, step))
                remember(key, step, now, value)
            step += 1
        client.log_batch(run_id, metrics=points)
        now = int(time.time() * 1000)
        accuracy = float(model.score(X, y))
        mlflow.log_metric("accuracy", accuracy, step=epoch, timestamp=now)
        remember("accuracy", epoch, now, accuracy)
        mlflow.log_metrics({"norm": float(abs(model.coef_).sum()), "epoch": epoch}, step=epoch, timestamp=now)
        remember("norm", epoch, now, float(abs(model.coef_).sum()))
        remember("epoch", epoch, now, float(epoch))
    client.log_batch(
        run_id,
        params=[Param("done", "yes")],
        tags=[RunTag("final", "true"), RunTag("mlflow.note.content", "trained to the end")],
    )

run = client.get_run(run_id)
for key, points in written.items():
    same(history(client, run_id, key), points, key)
    same(run.data.metrics[key], points[-1][2], f"latest {key}")
same(run.data.params, {"epochs": str(EPOCHS), "batches": str(BATCHES), "eta0": "0.05", "done": "yes"}, "parameters")
same(run.data.tags["final"], "true", "tag")
same(run.info.status, "FINISHED", "status")
assert run.info.end_time >= run.info.start_time > 0

# One series of thousands of points, sent in as many requests as the limit of a batch asks for.
count = size(12_000, 250)
start = int(time.time() * 1000)
series = [(i, start + i // 3, i / 7) for i in range(count)]
with mlflow.start_run(run_name="long series") as active:
    for at in range(0, count, 1000):
        client.log_batch(active.info.run_id, metrics=[Metric("long", v, t, s) for s, t, v in series[at : at + 1000]])
same(history(client, active.info.run_id, "long"), series, "long series")
report(points=sum(len(points) for points in written.values()) + count, run=run_id, accuracy=accuracy)

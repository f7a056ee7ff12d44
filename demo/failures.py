"""Not every run ends well: one fails with an error, one is given up. Their points are kept."""

import mlflow
import numpy
from data_files import columns, part

mlflow.set_experiment("diabetes-progression")

train = part("diabetes", "train")
features, target = columns(train)


def descend(rate):
    """Linear regression by gradient descent; too large a rate makes the loss grow instead of fall."""
    weights = numpy.zeros(features.shape[1])
    for step in range(200):
        error = features @ weights + target.mean() - target
        loss = (error**2).mean()
        mlflow.log_metric("loss", loss, step=step)
        if loss > 1e9:
            raise FloatingPointError(f"the loss is {loss:.3g} at step {step}: the learning rate is too large")
        weights -= rate * 2 * features.T @ error / len(error)


try:
    with mlflow.start_run(run_name="diverges"):  # an error ends a run as FAILED
        mlflow.log_input(train, context="training")
        mlflow.log_param("learning_rate", 180)
        descend(180)
except FloatingPointError:
    pass

mlflow.start_run(run_name="given-up")
mlflow.log_input(train, context="training")
mlflow.log_param("learning_rate", 0.01)
descend(0.01)
mlflow.set_tag("mlflow.note.content", "Would take days at this rate.")
mlflow.end_run("KILLED")

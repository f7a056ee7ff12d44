"""A training loop: a point for each batch, scores for each epoch, and what the machine does meanwhile."""

import time

import mlflow
import numpy
from data_files import columns, part
from mlflow.entities import Metric
from sklearn.metrics import log_loss
from sklearn.neural_network import MLPClassifier

mlflow.set_experiment("digits-network")
mlflow.enable_system_metrics_logging()  # CPU, memory, disk and network, measured beside the training
mlflow.set_system_metrics_sampling_interval(0.5)

train, validation = part("digits", "train"), part("digits", "validation")
features, target = (values.to_numpy() for values in columns(train))
unseen, truth = (values.to_numpy() for values in columns(validation))

for rate, width in [(0.0003, 64), (0.001, 64), (0.003, 64), (0.003, 16)]:
    with mlflow.start_run(run_name=f"mlp-{width}-rate-{rate}") as run:
        mlflow.log_params({"learning_rate": rate, "hidden_units": width, "batch_size": 64, "epochs": 30})
        mlflow.log_input(train, context="training")
        mlflow.log_input(validation, context="validation")
        network = MLPClassifier((width,), learning_rate_init=rate, random_state=0)
        chance = numpy.random.default_rng(0)
        step = 0
        for epoch in range(30):
            points = []
            for rows in numpy.array_split(chance.permutation(len(features)), len(features) // 64):
                network.partial_fit(features[rows], target[rows], classes=range(10))
                now = int(time.time() * 1000)
                points.append(Metric("batch_loss", network.loss_, now, step))
                points.append(Metric("weight_norm", numpy.linalg.norm(network.coefs_[0]), now, step))
                step += 1
            mlflow.MlflowClient().log_batch(run.info.run_id, metrics=points)  # one request for the whole epoch
            guesses = network.predict_proba(unseen)
            accuracy = (guesses.argmax(axis=1) == truth).mean()
            mlflow.log_metrics(
                {"validation_loss": log_loss(truth, guesses), "validation_accuracy": accuracy}, step=step
            )

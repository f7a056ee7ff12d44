"""A training that goes on until Ctrl-C, for watching it arrive."""

import itertools
import time

import mlflow
import numpy
from data_files import columns, part
from sklearn.neural_network import MLPClassifier

mlflow.set_experiment("digits-network")

features, target = columns(part("digits", "train"))
unseen, truth = columns(part("digits", "validation"))
chance = numpy.random.default_rng()

with mlflow.start_run(run_name="live"):
    mlflow.log_params({"learning_rate": 0.0002, "hidden_units": 32, "noise": 4})
    network = MLPClassifier((32,), learning_rate_init=0.0002)
    try:
        for step in itertools.count():
            rows = chance.choice(len(features), 32)
            noisy = (features.to_numpy()[rows] + chance.normal(0, 4, (32, 64))) / 16  # never twice the same
            network.partial_fit(noisy, target.iloc[rows], classes=range(10))
            mlflow.log_metric("batch_loss", network.loss_, step=step)
            if step % 25 == 0:
                mlflow.log_metric("validation_accuracy", network.score(unseen.to_numpy() / 16, truth), step=step)
            time.sleep(0.1)
    except KeyboardInterrupt:
        pass  # stopped by hand is a good end here

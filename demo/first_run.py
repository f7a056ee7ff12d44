"""The least there is: a run with two parameters and a metric that falls."""

import mlflow

mlflow.set_experiment("first-steps")

with mlflow.start_run(run_name="hello"):
    mlflow.log_params({"learning_rate": 0.1, "optimizer": "sgd"})
    for step in range(100):
        mlflow.log_metric("loss", 1 / (step + 1), step=step)

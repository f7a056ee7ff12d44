"""A sweep by hand: nested runs are a `with` inside a `with`, and any order of search will do."""

import random

import mlflow
from data_files import columns, part
from sklearn.ensemble import RandomForestClassifier

mlflow.set_experiment("wine-cultivars")

train, validation = part("wine", "train"), part("wine", "validation")
chance = random.Random(0)

with mlflow.start_run(run_name="forest-sweep") as parent:
    best = 0.0
    for trial in range(10):
        settings = {
            "n_estimators": chance.choice([5, 10, 20, 40]),
            "max_depth": chance.randint(1, 5),
            "max_features": round(chance.uniform(0.1, 1.0), 2),
        }
        with mlflow.start_run(run_name=f"trial-{trial}", nested=True):
            mlflow.log_params(settings)
            mlflow.log_input(train, context="training")
            mlflow.log_input(validation, context="validation")
            forest = RandomForestClassifier(**settings, random_state=0).fit(*columns(train))
            accuracy = forest.score(*columns(validation))
            mlflow.log_metric("validation_accuracy", accuracy)
        best = max(best, accuracy)
        mlflow.log_metric("best_validation_accuracy", best, step=trial)  # how the search itself goes on

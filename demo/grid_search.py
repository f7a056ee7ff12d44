"""A grid search: one parent run, a child run for each candidate, the best of them on the parent."""

import mlflow
from data_files import columns, part
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

mlflow.set_experiment("breast-cancer-screening")
mlflow.sklearn.autolog(max_tuning_runs=None, log_models=False)  # None: a child run for every candidate

train, test = part("breast_cancer", "train"), part("breast_cancer", "test")

with mlflow.start_run(run_name="svm-grid"):
    mlflow.log_input(train, context="training")
    mlflow.log_input(test, context="test")
    search = GridSearchCV(
        make_pipeline(StandardScaler(), SVC()),
        {"svc__C": [0.1, 1, 10, 100], "svc__gamma": [0.001, 0.01, 0.1]},
        scoring=["accuracy", "roc_auc"],
        refit="roc_auc",
        cv=3,
    )
    search.fit(*columns(train))
    mlflow.log_metric("test_roc_auc", search.score(*columns(test)))

"""Autologging: train as always; parameters, scores, curves, the data and the model log themselves."""

import mlflow
from data_files import columns, log_frame, part
from sklearn.tree import DecisionTreeClassifier

mlflow.set_experiment("wine-cultivars")
mlflow.sklearn.autolog()

features, target = columns(part("wine", "train"))
unseen, truth = columns(part("wine", "test"))

with mlflow.start_run(run_name="first-tree"):
    tree = DecisionTreeClassifier(max_depth=2, random_state=0).fit(features, target)
    tree.score(unseen, truth)  # scores on data that come later are logged too
    log_frame(unseen.assign(target=truth, prediction=tree.predict(unseen)), "predictions.parquet")

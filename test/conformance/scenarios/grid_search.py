"""A scikit-learn grid search on a bundled dataset: one parent run, one nested run per candidate, read back equal."""

import mlflow
from check import report, same, size
from mlflow import MlflowClient
from sklearn.datasets import load_wine
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

X, y = load_wine(return_X_y=True)
grid = {
    "svc__C": size([0.01, 0.1, 1.0, 10.0, 100.0], [0.1, 10.0]),
    "svc__kernel": size(["linear", "rbf", "poly"], ["rbf"]),
    "svc__gamma": size(["scale", 0.1], ["scale"]),
}
search = GridSearchCV(make_pipeline(StandardScaler(), SVC()), grid, cv=3, return_train_score=True)
search.fit(X, y)
results = search.cv_results_

experiment = mlflow.set_experiment("wine: grid search")
logged = {}
with mlflow.start_run(run_name="grid search", description="support vectors on wine") as parent:
    mlflow.log_params({"folds": 3, "rows": X.shape[0], "columns": X.shape[1]})
    mlflow.set_tags({"dataset": "wine", "estimator": "SVC"})
    for i, params in enumerate(results["params"]):
        with mlflow.start_run(run_name=f"candidate {i}", nested=True) as child:
            metrics = {
                name: float(results[name][i])
                for name in ("mean_test_score", "std_test_score", "mean_train_score", "mean_fit_time")
            }
            mlflow.log_params(params)
            mlflow.log_metrics(metrics)
            for fold in range(3):
                mlflow.log_metric("fold_score", float(results[f"split{fold}_test_score"][i]), step=fold)
            mlflow.set_tag("rank", int(results["rank_test_score"][i]))
            logged[child.info.run_id] = (i, params, metrics)
    mlflow.log_metric("best_score", float(search.best_score_))
    mlflow.log_params({f"best_{key}": value for key, value in search.best_params_.items()})

client = MlflowClient()
for run_id, (i, params, metrics) in logged.items():
    run = client.get_run(run_id)
    folds = [float(results[f"split{fold}_test_score"][i]) for fold in range(3)]
    same(run.data.params, {key: str(value) for key, value in params.items()}, "parameters")
    same(run.data.metrics, {**metrics, "fold_score": folds[-1]}, "metrics")
    same(run.data.tags["mlflow.parentRunId"], parent.info.run_id, "parent")
    same(run.data.tags["rank"], str(results["rank_test_score"][i]), "rank")
    same(run.info.run_name, f"candidate {i}", "name")
    same(run.info.status, "FINISHED", "status")
    same([m.value for m in client.get_metric_history(run_id, "fold_score")], folds, "folds")

ids = [experiment.experiment_id]
children = client.search_runs(
    ids,
    f"tags.`mlflow.parentRunId` = '{parent.info.run_id}' and params.svc__kernel = 'rbf'",
    order_by=["metrics.mean_test_score DESC", "params.svc__C ASC"],
)
expected = sorted(
    (run_id for run_id, (_, params, _) in logged.items() if params["svc__kernel"] == "rbf"),
    key=lambda run_id: (-logged[run_id][2]["mean_test_score"], str(logged[run_id][1]["svc__C"]), -logged[run_id][0]),
)
same([run.info.run_id for run in children], expected, "search with order")

frame = mlflow.search_runs(ids, "metrics.mean_test_score > 0.9")
good = sum(metrics["mean_test_score"] > 0.9 for _, _, metrics in logged.values())
same(len(frame), good, "search with a metric")
assert {"metrics.mean_test_score", "params.svc__C", "tags.rank", "status", "start_time"} <= set(frame.columns)
same(len(client.search_runs(ids, max_results=1000)), len(logged) + 1, "all runs")
report(runs=len(logged) + 1, best=float(search.best_score_), experiment=experiment.experiment_id)

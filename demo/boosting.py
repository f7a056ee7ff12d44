"""Gradient boosting: XGBoost's autologging draws a point for each round; the best run keeps its model."""

import mlflow
import xgboost
from data_files import columns, log_frame, part

mlflow.set_experiment("diabetes-progression")
mlflow.xgboost.autolog(log_models=False, log_datasets=False)

train, validation, test = (part("diabetes", which) for which in ["train", "validation", "test"])
known, watched, unseen = (xgboost.DMatrix(*columns(one)) for one in [train, validation, test])

finished = []
for depth in [2, 4]:
    for eta in [0.03, 0.1, 0.3]:
        with mlflow.start_run(run_name=f"depth-{depth}-eta-{eta}") as run:
            mlflow.log_input(train, context="training")
            mlflow.log_input(validation, context="validation")
            booster = xgboost.train(
                {"max_depth": depth, "eta": eta, "subsample": 0.8, "objective": "reg:squarederror", "seed": 0},
                known,
                num_boost_round=300,
                evals=[(known, "train"), (watched, "validation")],
                early_stopping_rounds=60,
                verbose_eval=False,
            )
            finished.append((booster.best_score, run.info.run_id, booster))

_, best_run, booster = min(finished)
with mlflow.start_run(run_id=best_run):  # a run that has ended can be taken up again
    features, truth = columns(test)
    info = mlflow.xgboost.log_model(
        booster, name="progression", input_example=features[:3], pip_requirements=[f"xgboost=={xgboost.__version__}"]
    )
    predicted = booster.predict(unseen)
    mlflow.log_input(test, context="test")
    mlflow.log_metric("test_rmse", ((predicted - truth) ** 2).mean() ** 0.5, model_id=info.model_id, dataset=test)
    mlflow.set_tag("best", "true")
    log_frame(features.assign(target=truth, prediction=predicted), "predictions.parquet")

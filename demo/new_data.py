"""The file changes, its name stays: two versions of one data set, and each run says which of them it read."""

import mlflow
import pandas
from data_files import FOLDER, columns, part
from sklearn.linear_model import Ridge

mlflow.set_experiment("diabetes-progression")

readings = part("diabetes", "train").df
validation = part("diabetes", "validation")
path = FOLDER / "diabetes" / "readings.csv"

for name, rows in {"all-readings": readings, "without-outliers": readings[readings["bmi"] < 0.1]}.items():
    rows.to_csv(path, index=False)
    with mlflow.start_run(run_name=f"ridge-{name}"):
        current = mlflow.data.from_pandas(
            pandas.read_csv(path), source=str(path), name="diabetes-readings", targets="target"
        )
        mlflow.log_input(current, context="training", tags={"cleaned": str(len(rows) < len(readings))})
        mlflow.log_input(validation, context="validation")
        ridge = Ridge(alpha=0.1).fit(*columns(current))
        mlflow.log_param("alpha", 0.1)
        mlflow.log_metric("validation_r2", ridge.score(*columns(validation)))

"""The data sets that scikit-learn bundles, as files: what a run read then has a source that can be looked at.

`part("wine", "train")` is a data set of MLflow. It knows its rows (`.df`), its digest, and the file it came from, which
is made on first use: data/wine/train.csv, validation.csv, test.csv, 60 %, 20 % and 20 % of the rows. Digits are Parquet,
and so is what prepare.py makes: data/churn/train.parquet and its like.
"""

import hashlib
from pathlib import Path

import mlflow
import pandas
import sklearn.datasets
from sklearn.model_selection import train_test_split

FOLDER = Path("data").absolute()
PARTS = ["train", "validation", "test"]


def part(name, which):
    """One part of a data set, ready for `mlflow.log_input`."""
    kind = "parquet" if name in ["digits", "churn"] else "csv"
    path = FOLDER / name / f"{which}.{kind}"
    if not path.exists():
        write(name, kind)
    rows = pandas.read_parquet(path) if kind == "parquet" else pandas.read_csv(path)
    return mlflow.data.from_pandas(rows, source=str(path), name=f"{name}-{which}", targets="target")


def file_version(path):
    """A version is known by the bytes of its file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def columns(dataset):
    """What a model reads, and what it is to say."""
    return dataset.df.drop(columns="target"), dataset.df["target"]


def log_frame(frame, file):
    """Logs a table as Parquet: small, with its types, every number to the last bit."""
    path = FOLDER / "logged" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.to_parquet(path)
    mlflow.log_artifact(str(path))


def write(name, kind):
    rows = getattr(sklearn.datasets, f"load_{name}")(as_frame=True).frame
    rows.columns = [column.replace(" ", "_") for column in rows.columns]
    train, rest = train_test_split(rows, test_size=0.4, random_state=0)
    validation, test = train_test_split(rest, test_size=0.5, random_state=0)
    (FOLDER / name).mkdir(parents=True, exist_ok=True)
    for which, some in zip(PARTS, [train, validation, test]):
        path = FOLDER / name / f"{which}.{kind}"
        some.to_parquet(path, index=False) if kind == "parquet" else some.to_csv(path, index=False)

"""Six kinds of model on the same data: which is best? In Cairn, select the runs and press `c`."""

import mlflow
from data_files import columns, part
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

mlflow.set_experiment("wine-cultivars")
mlflow.sklearn.autolog(log_models=False)  # only their figures are of interest here

train, validation = part("wine", "train"), part("wine", "validation")

for name, model in {
    "tree": DecisionTreeClassifier(max_depth=3, random_state=0),
    "forest": RandomForestClassifier(n_estimators=50, random_state=0),
    "bayes": GaussianNB(),
    "neighbors": KNeighborsClassifier(n_neighbors=7),
    "logistic": make_pipeline(StandardScaler(), LogisticRegression()),
    "svm": make_pipeline(StandardScaler(), SVC(C=10, probability=True, random_state=0)),
}.items():
    with mlflow.start_run(run_name=name):
        mlflow.log_input(train, context="training")
        mlflow.log_input(validation, context="validation")
        model.fit(*columns(train))
        mlflow.log_metric("validation_accuracy", model.score(*columns(validation)))

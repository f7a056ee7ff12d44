"""How good is a classifier? Confusion matrix, ROC and precision-recall, as pictures and as the numbers behind them."""

import matplotlib.pyplot as plt
import mlflow
import pandas
from data_files import columns, part
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import (
    ConfusionMatrixDisplay,
    PrecisionRecallDisplay,
    RocCurveDisplay,
    confusion_matrix,
    precision_recall_curve,
    roc_auc_score,
    roc_curve,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

mlflow.set_experiment("breast-cancer-screening")

train, test = part("breast_cancer", "train"), part("breast_cancer", "test")
features, truth = columns(test)


def log_csv(frame, file):
    mlflow.log_text(frame.to_csv(index=False), file)


with mlflow.start_run(run_name="logistic-curves"):
    mlflow.log_input(train, context="training")
    mlflow.log_input(test, context="test")
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.1)).fit(*columns(train))
    guessed, score = model.predict(features), model.predict_proba(features)[:, 1]
    mlflow.log_metrics({"test_accuracy": (guessed == truth).mean(), "test_roc_auc": roc_auc_score(truth, score)})

    # Pictures, for people.
    for display, values in [
        (ConfusionMatrixDisplay, guessed),
        (RocCurveDisplay, score),
        (PrecisionRecallDisplay, score),
    ]:
        figure, axes = plt.subplots(figsize=(4, 4))
        display.from_predictions(truth, values, ax=axes)
        mlflow.log_figure(figure, f"figures/{display.__name__}.png")
        plt.close(figure)

    # The same as data, for programs, and for pages that draw them.
    fpr, tpr, thresholds = roc_curve(truth, score)
    log_csv(pandas.DataFrame({"fpr": fpr, "tpr": tpr, "threshold": thresholds}), "evaluation/roc_curve.csv")
    precision, recall, thresholds = precision_recall_curve(truth, score)
    log_csv(
        pandas.DataFrame({"precision": precision[:-1], "recall": recall[:-1], "threshold": thresholds}),
        "evaluation/precision_recall_curve.csv",
    )
    matrix = confusion_matrix(truth, guessed)
    mlflow.log_dict({"labels": ["malignant", "benign"], "matrix": matrix.tolist()}, "evaluation/confusion_matrix.json")
    wrong = features[guessed != truth].assign(truth=truth, score=score[guessed != truth])
    mlflow.log_table(wrong.reset_index(names="row"), "evaluation/mistakes.json")

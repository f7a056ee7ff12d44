"""Whatever else belongs to a run: a report, a notebook, tables, settings. And a note, so that others know what it is."""

import json

import mlflow
from data_files import columns, log_frame, part

mlflow.set_experiment("diabetes-progression")

train = part("diabetes", "train")
features, target = columns(train)
ranking = features.corrwith(target).abs().sort_values(ascending=False)

REPORT = f"""# What goes with the progression of diabetes?

{len(features)} patients, {features.shape[1]} readings each. Strength of the linear relation:

| reading | correlation |
|---|---|
""" + "\n".join(f"| `{name}` | {value:.2f} |" for name, value in ranking.items())

NOTEBOOK = {
    "nbformat": 4,
    "nbformat_minor": 5,
    "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    "cells": [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "## First look\n*Body mass* leads, by far."},
        {
            "cell_type": "code",
            "id": "b",
            "metadata": {},
            "execution_count": 1,
            "source": "ranking.head(3)",
            "outputs": [
                {
                    "output_type": "execute_result",
                    "execution_count": 1,
                    "metadata": {},
                    "data": {"text/plain": ranking.head(3).to_string()},
                }
            ],
        },
    ],
}

with mlflow.start_run(run_name="first-look"):
    mlflow.log_input(train, context="exploration")
    mlflow.set_tags(
        {
            "mlflow.note.content": "**First look** at the readings: body mass leads. Next: boosted trees.",
            "stage": "exploration",
            "reviewed_by": "ada",
        }
    )
    mlflow.log_text(REPORT, "report.md")
    mlflow.log_text(json.dumps(NOTEBOOK, indent=1), "first-look.ipynb")
    mlflow.log_text(features.describe().to_html(), "tables/summary.html")
    mlflow.log_text(features.corr().round(3).to_csv(), "tables/correlations.csv")
    mlflow.log_dict({"bins": 20, "columns": list(features), "scaled": True}, "settings.json")
    mlflow.log_dict({"source": train.source.uri, "rows": len(features)}, "settings.yaml")
    log_frame(train.df, "rows.parquet")

"""Runs the scripts of this folder one after another, in one process, since importing takes longer than most of them.

    MLFLOW_TRACKING_URI=http://127.0.0.1:5000 python run.py            all
    MLFLOW_TRACKING_URI=http://127.0.0.1:5000 python run.py epochs     only these

Each of them also runs by itself: `python epochs.py`.
"""

import ast
import runpy
import sys
from pathlib import Path

HERE = Path(__file__).parent
SCRIPTS = [
    "first_run",
    "autologging",
    "compare_models",
    "grid_search",
    "sweep",
    "boosting",
    "epochs",
    "curves",
    "images",
    "model",
    "evaluation",
    "files",
    "failures",
    "new_data",
    "prepare",
    "churn",
]


def main(names):
    unknown = [name for name in names if name not in [*SCRIPTS, "live"]]
    if unknown:
        sys.exit(f"there is no script {unknown[0]}; there are {', '.join(SCRIPTS)}, live")
    names = names or SCRIPTS
    for number, name in enumerate(names, 1):
        script = HERE / f"{name}.py"
        about = ast.get_docstring(ast.parse(script.read_text("utf-8")))
        print(f"{number:2}/{len(names)} {name:14} {about}", flush=True)
        sys.argv = [str(script)]  # what MLflow names as the source of a run
        runpy.run_path(str(script), run_name="__main__")
        settle()


def settle():
    """As at the end of a script: all is sent, and what one has switched on is off for the next."""
    import mlflow

    mlflow.flush_async_logging()
    mlflow.sklearn.autolog(disable=True)
    mlflow.xgboost.autolog(disable=True)
    mlflow.disable_system_metrics_logging()
    mlflow.clear_active_model()  # that of evaluation.py


if __name__ == "__main__":
    main(sys.argv[1:])

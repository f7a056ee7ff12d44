"""What every scenario needs: the untouched client, exact comparison, and one JSON line at the end."""

import json
import math
import os


def size(full, small):
    """Scenarios that are recorded run small; else as a user would run them."""
    return small if os.environ.get("SCENARIO_SIZE") == "small" else full


def same(actual, expected, what):
    """Equal, where NaN equals NaN and floats must have the same bits."""
    if not _same(actual, expected):
        raise AssertionError(f"{what}\n  read back {actual!r}\n  expected  {expected!r}"[:4000])


def _same(a, b):
    if isinstance(a, float) and isinstance(b, (float, int)):
        return (math.isnan(a) and math.isnan(b)) or a == b
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_same(a[k], b[k]) for k in a)
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(_same(x, y) for x, y in zip(a, b))
    return a == b


def refused(call, code, text=""):
    """The client must raise what it raises against MLflow's own server."""
    from mlflow.exceptions import MlflowException

    try:
        call()
    except MlflowException as error:
        assert error.error_code == code, f"{error.error_code} instead of {code}: {error.message}"
        assert text in error.message, error.message
        return
    raise AssertionError(f"nothing was raised, expected {code} {text}")


def history(client, run_id, key):
    """All points of a metric, as (step, timestamp, value)."""
    return [(m.step, m.timestamp, m.value) for m in client.get_metric_history(run_id, key)]


def report(**figures):
    print(json.dumps(figures), flush=True)

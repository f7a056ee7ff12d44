"""From training to serving in both generations of the client: autologged models of three libraries are registered, named,
staged, copied and loaded again, and predict what they predicted before. Prints what it saw, as JSON."""

import os
import warnings

os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
warnings.filterwarnings("ignore")

import mlflow
import numpy as np
from lightgbm import LGBMClassifier
from mlflow import MlflowClient
from sklearn.datasets import load_iris, load_wine
from sklearn.linear_model import LogisticRegression
from xgboost import XGBClassifier

from check import refused, report, same

client = MlflowClient()
generation = int(mlflow.__version__.split(".")[0])
place = "name" if generation >= 3 else "artifact_path"
mlflow.set_experiment(f"registry {generation}")


# --- Autologging, and the model registered by URI -------------------------------------------------------------------
iris = load_iris(as_frame=True)
X, y = iris.data, iris.target
mlflow.sklearn.autolog(silent=True)
with mlflow.start_run() as run:
    forest = LogisticRegression(max_iter=200).fit(X, y)
mlflow.sklearn.autolog(disable=True)
expected = forest.predict(X)
name = f"iris {generation}"
first = mlflow.register_model(f"runs:/{run.info.run_id}/model", name, tags={"how": "by uri"})
same(first.version, "1" if isinstance(first.version, str) else 1, "first version")
same(first.status, "READY", "status")
client.set_registered_model_alias(name, "champion", "1")
loaded = mlflow.pyfunc.load_model(f"models:/{name}@champion")
same(np.array_equal(loaded.predict(X), expected), True, "predictions of the champion")
same(np.array_equal(mlflow.sklearn.load_model(f"models:/{name}/1").predict(X), expected), True, "by number")
same(np.array_equal(mlflow.sklearn.load_model(f"models:/{name}/latest").predict(X), expected), True, "latest")

# --- Logged and registered in one call, by each library --------------------------------------------------------------
wine = load_wine()
flavors = {
    "sklearn": (mlflow.sklearn, LogisticRegression(max_iter=50)),
    "xgboost": (mlflow.xgboost, XGBClassifier(n_estimators=5, max_depth=2)),
    "lightgbm": (mlflow.lightgbm, LGBMClassifier(n_estimators=5, num_leaves=4, verbose=-1)),
}
runs = {}
for flavor, (module, model) in flavors.items():
    model.fit(wine.data, wine.target)
    registered = f"wine {flavor} {generation}"
    with mlflow.start_run() as logged:
        module.log_model(model, registered_model_name=registered, **{place: "model"})
    runs[flavor] = logged.info.run_id
    client.set_registered_model_alias(registered, "champion", "1")
    back = module.load_model(f"models:/{registered}@champion")
    same(np.array_equal(back.predict(wine.data), model.predict(wine.data)), True, f"predictions of {flavor}")
    version = client.get_model_version_by_alias(registered, "champion")
    same(version.run_id, logged.info.run_id, f"run of {flavor}")
    # A version outlives the run it came from.
    client.delete_run(logged.info.run_id)
    again = mlflow.pyfunc.load_model(f"models:/{registered}/1")
    same(np.array_equal(again.predict(wine.data), model.predict(wine.data)), True, f"{flavor} without its run")



def another(of, **more):
    """One more version of the first model: from its logged model, or in MLflow 2 from the run's artifact."""
    if generation >= 3:
        model = client.get_run(run.info.run_id).outputs.model_outputs[0].model_id
        return client.create_model_version(of, f"models:/{model}", run.info.run_id, model_id=model, **more)
    return client.create_model_version(of, first.source, run.info.run_id, **more)


# --- Versions, tags, stages, aliases -----------------------------------------------------------------------------------
second = another(name, description="second")
same(int(second.version), 2, "second version")
client.update_model_version(name, "2", "better")
same(client.get_model_version(name, "2").description, "better", "description")
client.set_model_version_tag(name, "2", "checked", "yes")
client.set_registered_model_tag(name, "team", "flowers")
same(client.get_model_version(name, "2").tags, {"checked": "yes"}, "tags of a version")
same(client.get_registered_model(name).tags, {"team": "flowers"}, "tags of a model")
client.delete_model_version_tag(name, "2", "checked")
client.delete_model_version_tag(name, "2", "checked")
same(client.get_model_version(name, "2").tags, {}, "no tags")
client.transition_model_version_stage(name, "1", "Production")
client.transition_model_version_stage(name, "2", "production", archive_existing_versions=True)
same(client.get_model_version(name, "1").current_stage, "Archived", "archived")
same([v.version for v in client.get_latest_versions(name, ["Production"])], [second.version], "in production")
same(
    np.array_equal(mlflow.pyfunc.load_model(f"models:/{name}/Production").predict(X), expected), True, "by stage"
)
client.set_registered_model_alias(name, "champion", "2")
same(client.get_model_version_by_alias(name, "champion").version, second.version, "alias moved")
same(client.get_registered_model(name).aliases, {"champion": second.version}, "aliases")
refused(lambda: client.set_registered_model_alias(name, "latest", "1"), "INVALID_PARAMETER_VALUE")
refused(lambda: client.set_registered_model_alias(name, "v2", "1"), "INVALID_PARAMETER_VALUE")
client.delete_registered_model_alias(name, "champion")
refused(lambda: client.get_model_version_by_alias(name, "champion"), "INVALID_PARAMETER_VALUE")

# --- Copies ----------------------------------------------------------------------------------------------------------
copied = client.copy_model_version(f"models:/{name}/2", f"production {generation}")
same(int(copied.version), 1, "copy")
copy = mlflow.pyfunc.load_model(f"models:/production {generation}/1")
same(np.array_equal(copy.predict(X), expected), True, "predictions of the copy")

# --- Search ----------------------------------------------------------------------------------------------------------
found = client.search_registered_models(f"name LIKE 'wine % {generation}'", order_by=["name DESC"])
same([m.name for m in found], [f"wine {f} {generation}" for f in sorted(flavors, reverse=True)], "models by name")
page = client.search_registered_models(f"name ILIKE 'WINE % {generation}'", max_results=2)
rest = client.search_registered_models(f"name ILIKE 'WINE % {generation}'", max_results=2, page_token=page.token)
same([len(page), len(rest), not rest.token], [2, 1, True], "pages")
same([m.name for m in client.search_registered_models("tags.team = 'flowers'") if m.name == name], [name], "by tag")
versions = client.search_model_versions(f"name = '{name}'", order_by=["version_number ASC"])
same([int(v.version) for v in versions], [1, 2], "versions by number")
versions = client.search_model_versions(f"run_id IN ('{run.info.run_id}') and name = '{name}'")
same([int(v.version) for v in versions], [2, 1], "the last changed first")
refused(lambda: client.search_model_versions("bogus = 'x'"), "INVALID_PARAMETER_VALUE")

# --- Renamed, deleted --------------------------------------------------------------------------------------------------
refused(lambda: client.create_registered_model(name), "RESOURCE_ALREADY_EXISTS")
client.rename_registered_model(name, f"flowers {generation}")
same(client.get_registered_model(f"flowers {generation}").name, f"flowers {generation}", "renamed")
refused(lambda: client.get_registered_model(name), "RESOURCE_DOES_NOT_EXIST")
client.delete_model_version(f"flowers {generation}", "2")
refused(lambda: client.get_model_version(f"flowers {generation}", "2"), "RESOURCE_DOES_NOT_EXIST")
third = another(f"flowers {generation}")
same(int(third.version), 3, "a number is never given twice")
client.delete_registered_model(f"flowers {generation}")
refused(lambda: client.get_registered_model(f"flowers {generation}"), "RESOURCE_DOES_NOT_EXIST")

# --- Prompts, which are registered models with a tag --------------------------------------------------------------------
if generation >= 3:
    made = mlflow.genai.register_prompt("greeting", "Hello {{name}}", commit_message="first")
    same(int(made.version), 1, "version of the prompt")
    mlflow.genai.register_prompt("greeting", "Good day {{name}}")
    mlflow.genai.set_prompt_alias("greeting", alias="polite", version=2)
    same(mlflow.genai.load_prompt("prompts:/greeting@polite").template, "Good day {{name}}", "prompt by alias")
    same(mlflow.genai.load_prompt("prompts:/greeting/1").format(name="you"), "Hello you", "prompt by number")
    same([p.name for p in mlflow.genai.search_prompts()], ["greeting"], "prompts")
    same([m.name for m in client.search_registered_models("name = 'greeting'")], [], "no prompt among models")

report(generation=generation, run=run.info.run_id, runs=runs, copy=f"production {generation}")

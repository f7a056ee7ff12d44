"""Artifacts through every way the client has to log them, listed, downloaded byte for byte, replaced and loaded back."""

import hashlib
import io
import os
import random
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import mlflow
import numpy
import pandas
import yaml
from check import refused, report, same, size
from matplotlib.figure import Figure
from mlflow import MlflowClient
from mlflow.artifacts import download_artifacts, list_artifacts, load_dict, load_image, load_text
from PIL import Image

client = MlflowClient()
experiment_id = client.create_experiment("artifacts 日本 😀")
home = Path(tempfile.mkdtemp())
chance = random.Random(7)

NAMES = ["plain.txt", "two words.txt", "日本語 図.txt", "été.txt", "ملف.csv", "🦜.bin", "100%.txt", "a+b&c=d;e,f@g!.txt", "(x) [y] {z} ~.txt"]


def written(name, content):
    path = home / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return str(path)


def digest(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def tree(folder):
    """Relative path → SHA-256 of every file below."""
    found = Path(folder)
    return {p.relative_to(found).as_posix(): digest(p) for p in found.rglob("*") if p.is_file()}


def names(run_id, path=None):
    return [(f.path, f.is_dir, f.file_size) for f in client.list_artifacts(run_id, path)]


with mlflow.start_run(experiment_id=experiment_id) as run:
    run_id = run.info.run_id
    same(names(run_id), [], "nothing yet")
    same(run.info.artifact_uri, f"mlflow-artifacts:/{experiment_id}/{run_id}/artifacts", "where they are")

    # Single files: at the root, in a directory, empty, with names in any script.
    big = chance.randbytes(size(20_000_000, 200_000))
    mlflow.log_artifact(written("big.bin", big))
    mlflow.log_artifact(written("empty.txt", b""), "deep/er/still")
    for name in NAMES:
        mlflow.log_artifact(written(f"names/{name}", name.encode()), "names")

    # A directory with all below it.
    local = home / "model"
    for i in range(size(40, 8)):
        written(f"model/{'' if i % 3 else 'weights/'}part {i}.bin", chance.randbytes(1000 + i))
    mlflow.log_artifacts(str(local), "model")

    # Texts, dictionaries, tables, images and figures.
    mlflow.log_text("<b>日本\n", "notes/page.html")
    mlflow.log_dict({"a": [1, {"b": "ß"}]}, "config/params.json")
    mlflow.log_dict({"yaml": ["日本", 1.5]}, "config/params.yaml")
    mlflow.log_image(numpy.arange(300, dtype="uint8").reshape(10, 10, 3), "images/pixels.png")
    figure = Figure()
    figure.subplots().plot([3, 1, 2])
    mlflow.log_figure(figure, "images/plot.png")
    mlflow.log_table({"question": ["why", "how"], "score": [1, 2]}, "tables/eval.json")
    # The client reads a table back, adds rows and stores it over the old one.
    mlflow.log_table({"question": ["when"], "score": [3]}, "tables/eval.json")

# Listing: one level, files with their sizes.
same(
    names(run_id),
    [("big.bin", False, len(big))]
    + [(name, True, None) for name in ["config", "deep", "images", "model", "names", "notes", "tables"]],
    "the root",
)
same(names(run_id, "deep"), [("deep/er", True, None)], "a directory")
same(names(run_id, "deep/er/still"), [("deep/er/still/empty.txt", False, None)], "an empty file")
same({path for path, _, _ in names(run_id, "names")}, {f"names/{name}" for name in NAMES}, "names in any script")
same(names(run_id, "no such directory"), [], "a directory that is not there")
same([f.path for f in list_artifacts(artifact_uri=f"runs:/{run_id}/deep")], ["deep/er"], "listing by URI")

# Downloads: byte for byte, one file, one directory, the whole run, by each kind of URI.
same(digest(client.download_artifacts(run_id, "big.bin", str(home))), hashlib.sha256(big).hexdigest(), "one file")
target = home / "down"
target.mkdir()
same(tree(client.download_artifacts(run_id, "model", str(target))), tree(local), "a directory")
for name in NAMES:
    same(Path(client.download_artifacts(run_id, f"names/{name}")).read_bytes(), name.encode(), name)
same(load_text(f"runs:/{run_id}/notes/page.html"), "<b>日本\n", "text")
same(load_dict(f"runs:/{run_id}/config/params.json"), {"a": [1, {"b": "ß"}]}, "JSON")
same(yaml.safe_load(load_text(f"{run.info.artifact_uri}/config/params.yaml")), {"yaml": ["日本", 1.5]}, "YAML")
pixels = numpy.asarray(load_image(f"runs:/{run_id}/images/pixels.png"))
same(pixels.tolist(), numpy.arange(300, dtype="uint8").reshape(10, 10, 3).tolist(), "image")
plot = Image.open(io.BytesIO(Path(download_artifacts(run_id=run_id, artifact_path="images/plot.png")).read_bytes()))
same(plot.format, "PNG", "figure")
table = client.load_table(experiment_id, "tables/eval.json", run_ids=[run_id])
same(table[["question", "score"]].values.tolist(), [["why", 1], ["how", 2], ["when", 3]], "table")
assert isinstance(table, pandas.DataFrame)
everything = tree(download_artifacts(run_id=run_id))
same(len(everything), 1 + 1 + len(NAMES) + len(tree(local)) + 6, "files of the run")

# The same path again: the last one stands, whole.
client.log_text(run_id, "second", "notes/page.html")
same(load_text(f"runs:/{run_id}/notes/page.html"), "second", "replaced")

# Many at once, of one run and of one path.
with ThreadPoolExecutor(8) as pool:
    list(pool.map(lambda i: client.log_text(run_id, f"{i} " * 5000, f"many/{i}.txt"), range(40)))
    list(pool.map(lambda i: client.log_text(run_id, f"{i} " * 5000, "hot.txt"), range(40)))
same(len(names(run_id, "many")), 40, "many at once")
hot = load_text(f"runs:/{run_id}/hot.txt")
assert len(hot.split()) == 5000 and len(set(hot.split())) == 1, "a mixture"

# Uploads that do not come to a good end.
refused(lambda: client.log_text("0" * 32, "x", "x.txt"), "RESOURCE_DOES_NOT_EXIST")
for path in ["none.txt", "names/none.txt"]:
    try:
        client.download_artifacts(run_id, path)
        raise SystemExit(f"{path} was downloaded")
    except Exception as error:
        assert "Failed to download artifacts from path" in str(error), error

# Deleting a run leaves what it logged; deleting artifacts takes what was named and nothing else.
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

repository = get_artifact_repository(run.info.artifact_uri)
repository.delete_artifacts("many")
repository.delete_artifacts("hot.txt")
repository.delete_artifacts("never there")
same([path for path, _, _ in names(run_id) if path in ("many", "hot.txt")], [], "deleted")
client.delete_run(run_id)
same(load_dict(f"runs:/{run_id}/config/params.json"), {"a": [1, {"b": "ß"}]}, "of a deleted run")
client.restore_run(run_id)

# A big file, for which the client asks whether there is another way.
os.environ["MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD"] = "true"
os.environ["MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE"] = "1000"
os.environ["MLFLOW_ENABLE_PROXY_MULTIPART_DOWNLOAD"] = "true"
client.log_artifact(run_id, str(home / "big.bin"), "multipart")
same(digest(client.download_artifacts(run_id, "multipart/big.bin")), hashlib.sha256(big).hexdigest(), "without multipart")

report(files=len(everything), run=run_id, sha256=hashlib.sha256(big).hexdigest())

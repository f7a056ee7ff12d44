"""A file larger than the client's threshold goes up in parts and comes down again, by the untouched client."""

import hashlib
import json
import os
import random
import sys
import tempfile
from pathlib import Path

import mlflow
from mlflow import MlflowClient

size = int(os.environ.get("FILE_BYTES", "5_000_011"))
block = 1 << 20
home = Path(tempfile.mkdtemp())


def make(path):
    """Random bytes, a block at a time; the digest of all."""
    chance = random.Random(11)
    told = hashlib.sha256()
    left = size
    with open(path, "wb") as file:
        while left > 0:
            part = chance.randbytes(min(block, left))
            told.update(part)
            file.write(part)
            left -= len(part)
    return told.hexdigest()


def digest(path):
    told = hashlib.sha256()
    with open(path, "rb") as file:
        while part := file.read(block):
            told.update(part)
    return told.hexdigest()


wanted = make(home / "large file 日本.bin")
with mlflow.start_run() as run:
    mlflow.log_artifact(str(home / "large file 日本.bin"), "deep/er")
    mlflow.log_text("small", "small.txt")
os.remove(home / "large file 日本.bin")
client = MlflowClient()
listed = [(file.path, file.file_size) for file in client.list_artifacts(run.info.run_id, "deep/er")]
if listed != [("deep/er/large file 日本.bin", size)]:
    sys.exit(f"listed as {listed}")
target = home / "down"
target.mkdir()
down = client.download_artifacts(run.info.run_id, "deep/er/large file 日本.bin", str(target))
if digest(down) != wanted:
    sys.exit("other bytes came down")
if mlflow.artifacts.load_text(f"runs:/{run.info.run_id}/small.txt") != "small":
    sys.exit("the small file is another one")
os.remove(down)
print(json.dumps({"run": run.info.run_id, "sha256": wanted}))

-- Artifacts: names over bytes (docs/formats/artifacts.md draws them). The bytes lie in a blob store under their digest.

-- What the blob store keeps for this store. A row stays while a file names the digest, and a while longer.
-- seen: ms at which a file last began, or ceased, to name it.
CREATE TABLE blob (
  digest {bytes} PRIMARY KEY,
  size {int} NOT NULL,
  seen {int} NOT NULL
) {clustered};

-- One file in the artifact tree of a project, by its whole path below mlflow-artifacts:/ (at most 1,024 bytes, so that it
-- fits every index). Folders are the beginnings of paths. owner: the run, model, experiment or project it belongs to.
CREATE TABLE artifact_file (
  project {int} NOT NULL,
  path {text} NOT NULL,
  owner {int} NOT NULL,
  digest {bytes} NOT NULL,
  size {int} NOT NULL,
  created {int} NOT NULL,
  updated {int} NOT NULL,
  PRIMARY KEY (project, path)
) {clustered};
CREATE INDEX artifact_file_digest ON artifact_file (digest);

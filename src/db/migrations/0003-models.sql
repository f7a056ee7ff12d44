-- Where the points of a series that is not its node's own come from (series.by_key). A logged model has one series for
-- each metric, run and dataset: the points that the run logged for the model, measured on the dataset.
-- by_key: SHA-256 of run, name and digest, since a name is too long for every index.
CREATE TABLE series_by (
  by_key {text} PRIMARY KEY,
  project {int} NOT NULL,
  run {int} NOT NULL,
  dataset_name {text},
  dataset_digest {text}
) {clustered};

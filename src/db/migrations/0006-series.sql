-- What is known of a chunk of points without reading it: summary and bands on both axes (docs/formats/points.md). Derived.
CREATE TABLE chunk_outline (
  series {int} NOT NULL,
  id {int} NOT NULL,
  project {int} NOT NULL,
  data {bytes} NOT NULL,
  PRIMARY KEY (series, id)
) {clustered};

-- One row is: points of a run from a step on were superseded, for the run went back there. Those points are series of their
-- own, whose by_key is 'rewind:' and the id.
CREATE TABLE run_rewind (
  node {int} NOT NULL,
  id {int} NOT NULL,
  project {int} NOT NULL,
  step {int} NOT NULL,
  recorded {int} NOT NULL,
  actor {text} NOT NULL,
  series {int} NOT NULL,
  points {int} NOT NULL,
  PRIMARY KEY (node, id)
) {clustered};

-- The metrics of each run in the order of their names: a page of a run with 100,000 of them is one range.
CREATE TABLE metric_name (
  node {int} NOT NULL,
  name {text} NOT NULL,
  project {int} NOT NULL,
  series {int} NOT NULL,
  PRIMARY KEY (node, name)
) {clustered};
INSERT INTO metric_name (node, name, project, series)
  SELECT s.node, k.name, s.project, s.id FROM series s JOIN interned_key k ON k.id = s.key WHERE s.by_key = '';

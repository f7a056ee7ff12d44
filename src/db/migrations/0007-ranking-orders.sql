-- A ranking tells its order, so that a check can compute it again. Rankings are derived and made when an order is asked
-- for: those that are there, which do not tell theirs, go.
DROP TABLE ranked;
DROP TABLE ranking;

-- As in 0005, and definition: the order as JSON, of which spec is the SHA-256.
CREATE TABLE ranking (
  id {int} PRIMARY KEY,
  project {int} NOT NULL,
  context {int} NOT NULL,
  spec {text} NOT NULL,
  definition {text} NOT NULL,
  state {int} NOT NULL,
  position {int} NOT NULL,
  built_started {int},
  built_uid {text},
  runs {int} NOT NULL,
  used {int} NOT NULL,
  UNIQUE (project, context, spec)
) {strict};

-- sort: engines/search/sort-key.ts.
CREATE TABLE ranked (
  ranking {int} NOT NULL,
  sort {bytes} NOT NULL,
  node {int} NOT NULL,
  PRIMARY KEY (ranking, sort)
) {clustered};
CREATE UNIQUE INDEX ranked_node ON ranked (ranking, node);

-- Orders of runs kept sorted, made when one is asked for (docs/decisions/0050): derived data, filled and brought up to date in
-- batches off the request. A ranking holds every run of its scope as it was at an event's position; a search reads beside
-- it the runs that later events name.

-- context: an experiment, or 0 for all runs of the project. spec: SHA-256 of the order, in hex. state: domain/search/ranking.ts.
-- position: events up to it are in the rows. built: the last run put in while it is made. runs: rows. used: ms.
CREATE TABLE ranking (
  id {int} PRIMARY KEY,
  project {int} NOT NULL,
  context {int} NOT NULL,
  spec {text} NOT NULL,
  state {int} NOT NULL,
  position {int} NOT NULL,
  built_started {int},
  built_uid {text},
  runs {int} NOT NULL,
  used {int} NOT NULL,
  UNIQUE (project, context, spec)
) {strict};

-- sort: the sort values of a run as bytes whose order is the order asked for (engines/search/sort-key.ts).
CREATE TABLE ranked (
  ranking {int} NOT NULL,
  sort {bytes} NOT NULL,
  node {int} NOT NULL,
  PRIMARY KEY (ranking, sort)
) {clustered};
CREATE UNIQUE INDEX ranked_node ON ranked (ranking, node);

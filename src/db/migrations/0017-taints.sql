-- Which model versions a taint was known to touch, each with the event that told of it: what comes to derive from a taint later is told
-- once (docs/decisions/0092). taint: the edge that declares it.
CREATE TABLE taint_reach (
  taint {int} NOT NULL,
  node {int} NOT NULL,
  project {int} NOT NULL,
  event {int} NOT NULL,
  PRIMARY KEY (taint, node)
) {clustered};

-- How far the log was looked through for such. One row while anything is tainted.
CREATE TABLE taint_watch (
  id {int} PRIMARY KEY,
  position {int} NOT NULL
) {strict};

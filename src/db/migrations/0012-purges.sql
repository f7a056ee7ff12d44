-- What is being purged (docs/decisions/0073). The node is a tombstone already; a row stays until everything it held is gone,
-- so that a purge that was cut off goes on. kind: domain/retention/purge.ts. root: where its files begin in the artifact tree of
-- the project, NULL when none lie there.
CREATE TABLE purge (
  node {int} PRIMARY KEY,
  project {int} NOT NULL,
  kind {text} NOT NULL,
  root {text}
) {strict};

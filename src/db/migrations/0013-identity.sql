-- What is the same, and which version a read saw (docs/decisions/0080). Written by claims; scope, hub and edge, class, bound and edge
-- are derived from them and can be made again.

-- What makes a node the same as others: of a dataset its place, of a dataset version the best that is known of it.
-- kind: domain/datasets/identity/claims.ts. value: SHA-256. scope: 0, or the class of the asset whose version it is. hub: the node of
-- least uid of those that share scope, kind and value, NULL for that one itself; edge: what says so.
CREATE TABLE identity_mark (
  node {int} PRIMARY KEY,
  project {int} NOT NULL,
  asset {int} NOT NULL,
  scope {int} NOT NULL,
  kind {int} NOT NULL,
  value {bytes} NOT NULL,
  uid {text} NOT NULL,
  hub {int},
  edge {int}
) {strict};
CREATE UNIQUE INDEX identity_mark_group ON identity_mark (project, scope, kind, value, uid);
CREATE INDEX identity_mark_asset ON identity_mark (asset);

-- That an execution read or wrote a dataset. record: the version written; of a read what stands for it, the asset or a version
-- of its own. version: SHA-256 of the version that a read names. binds: 0 for a write that came to nothing, and for a read that
-- needs no version. bound: the version that was read; edge: what says so.
CREATE TABLE dataset_use (
  id {int} PRIMARY KEY,
  project {int} NOT NULL,
  run {int} NOT NULL,
  asset {int} NOT NULL,
  direction {int} NOT NULL,
  record {int} NOT NULL,
  uid {text} NOT NULL,
  at {int} NOT NULL,
  version {bytes},
  binds {int} NOT NULL,
  class {int} NOT NULL,
  bound {int},
  edge {int}
) {strict};
CREATE UNIQUE INDEX dataset_use_claim ON dataset_use (run, asset, direction, record);
CREATE INDEX dataset_use_order ON dataset_use (class, direction, binds, at, uid);
CREATE INDEX dataset_use_version ON dataset_use (class, version) WHERE version IS NOT NULL;
CREATE INDEX dataset_use_asset ON dataset_use (asset, direction, at);

-- Members of a class, beside the one it is named after.
CREATE INDEX node_class ON node (class) WHERE class <> id;

-- Projects whose records are older than these tables: what follows from them is derived when a server first opens the store.
CREATE TABLE identity_pending (
  project {int} PRIMARY KEY
) {strict};
INSERT INTO identity_pending (project) SELECT DISTINCT n.project FROM node n JOIN type t ON t.id = n.type WHERE t.name = 'dataset';
UPDATE node SET class = id WHERE class <> id;

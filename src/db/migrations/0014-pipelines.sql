-- What OpenLineage says (docs/decisions/0081): claims, which unite in any order and any number. Stamps are 25 bytes that
-- sort by the event's time, then by its hash (domain/pipelines/stamp.ts).

-- An event by its content: the same one again changes nothing.
CREATE TABLE lineage_event (
  project {int} NOT NULL,
  hash {bytes} NOT NULL,
  event {int} NOT NULL,
  PRIMARY KEY (project, hash)
) {clustered};

-- A job; declared: the stamp of the JobEvent that holds now.
CREATE TABLE job (
  node {int} PRIMARY KEY,
  project {int} NOT NULL,
  namespace {text} NOT NULL,
  name {text} NOT NULL,
  declared {bytes}
) {strict};
CREATE INDEX job_name ON job (project, {head:namespace}, {head:name}, node);

-- What events have said of a run, all in all. first: the least time of any event, started: of a START. state: as in
-- domain/graph/vocabulary.ts, by its claim of the greatest rank, then stamp.
CREATE TABLE job_run (
  node {int} PRIMARY KEY,
  project {int} NOT NULL,
  run_id {text} NOT NULL,
  first {int},
  started {int},
  ended {int},
  state {int},
  rank {int} NOT NULL,
  stamp {bytes}
) {strict};

-- Each time that an event named a state of its run. type: as in domain/pipelines/run-state.ts. at: ms.
CREATE TABLE run_state (
  run {int} NOT NULL,
  stamp {bytes} NOT NULL,
  type {int} NOT NULL,
  at {int} NOT NULL,
  event {int} NOT NULL,
  PRIMARY KEY (run, stamp)
) {clustered};

-- That a run reads (direction 1) or writes (2) an asset. first: ms of the first event that says so. version: as the latest
-- event names it, if any. record: the version that this writing makes, or the asset that is read. edge: what asserts it.
CREATE TABLE run_io (
  run {int} NOT NULL,
  direction {int} NOT NULL,
  asset {int} NOT NULL,
  first {int} NOT NULL,
  version {text},
  version_stamp {bytes},
  record {int} NOT NULL,
  edge {int} NOT NULL,
  PRIMARY KEY (run, direction, asset)
) {clustered};
CREATE INDEX run_io_asset ON run_io (asset, direction, run);

-- Facets as they stand: of each key the one with the greatest stamp. scope: whose it is (domain/pipelines/facets.ts);
-- other: of the facets of a run's input or output, the asset. body: NULL where the facet was taken back.
CREATE TABLE facet (
  owner {int} NOT NULL,
  scope {int} NOT NULL,
  other {int} NOT NULL,
  key {int} NOT NULL,
  project {int} NOT NULL,
  stamp {bytes} NOT NULL,
  body {bytes},
  event {int} NOT NULL,
  PRIMARY KEY (owner, scope, other, key)
) {clustered};

-- Texts of facets, once each, by SHA-256.
CREATE TABLE facet_body (
  project {int} NOT NULL,
  hash {bytes} NOT NULL,
  text {text} NOT NULL,
  PRIMARY KEY (project, hash)
) {strict};

-- That somebody said outright what a target was made from; without links: from nothing. run: which said so, 0 for none.
-- origin: as in domain/pipelines/derivation.ts.
CREATE TABLE derivation (
  target {int} NOT NULL,
  run {int} NOT NULL,
  origin {int} NOT NULL,
  project {int} NOT NULL,
  stamp {bytes} NOT NULL,
  digest {bytes} NOT NULL,
  removed {int} NOT NULL,
  event {int} NOT NULL,
  PRIMARY KEY (target, run, origin)
) {clustered};
CREATE INDEX derivation_run ON derivation (run, target);

-- What it was made from: source (an asset, a job or a run), whole or a field of it, into the target or a field of it.
-- how: transformations as JSON.
CREATE TABLE derivation_link (
  target {int} NOT NULL,
  run {int} NOT NULL,
  origin {int} NOT NULL,
  place {int} NOT NULL,
  field {text},
  source {int} NOT NULL,
  source_field {text},
  how {text},
  PRIMARY KEY (target, run, origin, place)
) {clustered};
CREATE INDEX derivation_link_source ON derivation_link (source, {head:source_field}, target);

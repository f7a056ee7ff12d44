-- The property graph and its log (docs/formats/store.md draws it). Written once for both stores; the migration runner puts in
-- the dialect's words for {int} {double} {text} {bytes}, {strict} (table options), {clustered} (rows kept in key order)
-- and {head:column} (the indexed first 64 characters of a text).

-- Keys of properties and series, interned: a name is stored once.
CREATE TABLE interned_key (
  id {int} PRIMARY KEY,
  name {text} NOT NULL UNIQUE
) {strict};

-- Types of nodes and edges: named, versioned schemas. kind: see domain/graph/vocabulary.ts.
CREATE TABLE type (
  id {int} PRIMARY KEY,
  project {int} NOT NULL,
  kind {int} NOT NULL,
  name {text} NOT NULL,
  version {text} NOT NULL,
  declared {text} NOT NULL,
  base {int},
  UNIQUE (project, kind, name, version)
) {strict};

-- One face's record of one thing; never merged, re-pointed or renumbered.
-- mark/deleted: the record's own lifecycle; mark is the generation of its context's lifecycle that it was decided after,
-- so that deleting or restoring a context is one row (domain/graph/lifecycle.ts).
CREATE TABLE node (
  id {int} PRIMARY KEY,
  uid {text} NOT NULL,
  project {int} NOT NULL,
  context {int} NOT NULL,
  kind {int} NOT NULL,
  type {int} NOT NULL,
  number {int} NOT NULL,
  name {text},
  state {int},
  uri {text},
  uri_canonical {text},
  created {int} NOT NULL,
  updated {int} NOT NULL,
  started {int},
  ended {int},
  mark {int} NOT NULL,
  deleted {int} NOT NULL,
  class {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX node_uid ON node (project, uid);
-- Covers counting and the walk of a whole experiment in its usual order: 10 ms for 100,000 runs, 35 without mark and deleted.
CREATE INDEX node_listing ON node (context, kind, started, uid, mark, deleted);
CREATE INDEX node_name ON node (project, kind, {head:name}, id);

-- Natural keys of every face: (project, space, SHA-256 of value) → node.
CREATE TABLE node_key (
  project {int} NOT NULL,
  space {int} NOT NULL,
  hash {bytes} NOT NULL,
  value {text} NOT NULL,
  node {int} NOT NULL,
  PRIMARY KEY (project, space, hash)
) {clustered};
CREATE INDEX node_key_node ON node_key (node);

-- Counters of small numbers people see (experiment ids), per project.
CREATE TABLE counter (
  project {int} NOT NULL,
  name {text} NOT NULL,
  next {int} NOT NULL,
  PRIMARY KEY (project, name)
) {clustered};

-- One assertion that source relates to target, with when it held (valid_*) and when we knew (known_*), ms; open ends are NULL.
CREATE TABLE edge (
  id {int} PRIMARY KEY,
  project {int} NOT NULL,
  source {int} NOT NULL,
  target {int} NOT NULL,
  kind {int} NOT NULL,
  subtype {text},
  source_slot {text},
  target_slot {text},
  face {int} NOT NULL,
  principal {text} NOT NULL,
  known {int} NOT NULL,
  rule {text},
  valid_from {int},
  valid_to {int},
  known_from {int} NOT NULL,
  known_to {int},
  asserted_by {int} NOT NULL,
  retracted_by {int}
) {strict};
CREATE INDEX edge_source ON edge (source, kind, target);
CREATE INDEX edge_target ON edge (target, kind, source);

-- One typed value of a node or edge. value kinds: domain/graph/vocabulary.ts. real also carries a text that is wholly a number.
CREATE TABLE property (
  project {int} NOT NULL,
  context {int} NOT NULL,
  owner {int} NOT NULL,
  scope {int} NOT NULL,
  key {int} NOT NULL,
  face {int} NOT NULL,
  kind {int} NOT NULL,
  int {int},
  real {double},
  text {text},
  bytes {bytes},
  PRIMARY KEY (owner, scope, key)
) {clustered};
CREATE INDEX property_value ON property (project, context, scope, key, {head:text}, owner);

-- Summary of the points of one metric of one node. `by` is '' for the node's own series. Non-finite values are kept exactly:
-- *_kind says NaN (value column NULL), else the value column holds it, infinities included.
CREATE TABLE series (
  id {int} PRIMARY KEY,
  project {int} NOT NULL,
  context {int} NOT NULL,
  node {int} NOT NULL,
  key {int} NOT NULL,
  by_key {text} NOT NULL,
  points {int} NOT NULL,
  non_finite {int} NOT NULL,
  first_value {double}, first_kind {int} NOT NULL, first_step {int} NOT NULL, first_time {int} NOT NULL,
  last_value {double}, last_kind {int} NOT NULL, last_step {int} NOT NULL, last_time {int} NOT NULL,
  min_value {double}, min_step {int},
  max_value {double}, max_step {int},
  sum_value {double} NOT NULL,
  step_min {int} NOT NULL,
  step_max {int} NOT NULL,
  time_max {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX series_node ON series (node, key, by_key);
CREATE INDEX series_key ON series (project, context, key, node);

-- All points of one request, one blob (docs/formats/points.md). Sealed into chunks, then removed.
CREATE TABLE point_head (
  node {int} NOT NULL,
  id {int} NOT NULL,
  project {int} NOT NULL,
  points {int} NOT NULL,
  data {bytes} NOT NULL,
  PRIMARY KEY (node, id)
) {clustered};

-- Columns of the points of one series, in the order of (step, time, value).
CREATE TABLE point_chunk (
  series {int} NOT NULL,
  id {int} NOT NULL,
  project {int} NOT NULL,
  points {int} NOT NULL,
  step_min {int} NOT NULL,
  step_max {int} NOT NULL,
  time_min {int} NOT NULL,
  time_max {int} NOT NULL,
  data {bytes} NOT NULL,
  PRIMARY KEY (series, id)
) {clustered};

-- The log. position: dense, the only order anyone pages, streams or proves by; NULL until it is given.
CREATE TABLE event (
  id {int} PRIMARY KEY,
  position {int} UNIQUE,
  project {int} NOT NULL,
  recorded {int} NOT NULL,
  actor {text} NOT NULL,
  face {int} NOT NULL,
  action {text} NOT NULL,
  node {int} NOT NULL,
  salt {bytes} NOT NULL,
  digest {bytes} NOT NULL
) {strict};
CREATE INDEX event_node ON event (node, id);
CREATE INDEX event_unplaced ON event (id) WHERE position IS NULL;

-- Nodes an event touched beside its own.
CREATE TABLE event_touch (
  node {int} NOT NULL,
  event {int} NOT NULL,
  PRIMARY KEY (node, event)
) {clustered};

-- What was sent, or the change; erasable without changing the log.
CREATE TABLE event_body (
  event {int} PRIMARY KEY,
  body {text} NOT NULL
) {strict};

-- The last position given.
CREATE TABLE event_sequence (
  id {int} PRIMARY KEY,
  last {int} NOT NULL
) {strict};
INSERT INTO event_sequence (id, last) VALUES (1, 0);

-- First answers of requests that carried an idempotency key.
CREATE TABLE idempotency (
  project {int} NOT NULL,
  principal {text} NOT NULL,
  operation {text} NOT NULL,
  key {text} NOT NULL,
  digest {bytes} NOT NULL,
  answer {text} NOT NULL,
  recorded {int} NOT NULL,
  PRIMARY KEY (project, principal, operation, key)
) {clustered};
CREATE INDEX idempotency_recorded ON idempotency (recorded);

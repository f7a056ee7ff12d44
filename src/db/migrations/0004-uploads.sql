-- Uploads in parts (docs/formats/artifacts.md). What is under way stands here and not in memory: any server of the store
-- takes any part, also after a restart.

-- state: 0 open, 1 complete, 2 given up. Kept until expires, so that a repeated request gets its answer again.
-- part_list: SHA-256 of the digests that it was completed from, in order.
CREATE TABLE artifact_upload (
  project {int} NOT NULL,
  id {text} NOT NULL,
  path {text} NOT NULL,
  parts {int} NOT NULL,
  state {int} NOT NULL,
  created {int} NOT NULL,
  expires {int} NOT NULL,
  part_list {bytes},
  PRIMARY KEY (project, id)
) {clustered};
CREATE INDEX artifact_upload_expires ON artifact_upload (expires);

-- The bytes of a part, a blob like any other. A part that was sent again with other bytes has several rows, of which one is
-- current; a row goes after its bytes.
CREATE TABLE artifact_part (
  project {int} NOT NULL,
  upload {text} NOT NULL,
  number {int} NOT NULL,
  digest {bytes} NOT NULL,
  size {int} NOT NULL,
  is_current {int} NOT NULL,
  PRIMARY KEY (project, upload, number, digest)
) {clustered};
CREATE INDEX artifact_part_digest ON artifact_part (digest);

-- What tickets are signed with (domain/artifacts/tickets.ts): one row, made by the first server that opens the store.
CREATE TABLE ticket_secret (
  id {int} PRIMARY KEY,
  secret {bytes} NOT NULL,
  created {int} NOT NULL
) {strict};

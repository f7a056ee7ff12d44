-- How far each move into this store has come, so that one that was cut off goes on (docs/decisions/0070).
-- source: what is moved in, by its address without secrets. cursor: where its reader goes on, in the reader's own words, or NULL
-- when all of it was read. Written in the transaction of the records it stands for.
CREATE TABLE transfer (
  project {int} NOT NULL,
  source {text} NOT NULL,
  cursor {text},
  started {int} NOT NULL,
  updated {int} NOT NULL,
  actor {text} NOT NULL,
  PRIMARY KEY (project, source)
) {clustered};

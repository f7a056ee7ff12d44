-- Counts the recorded changes of a node: what was made of a node is still right while this has not moved (decision 51).
ALTER TABLE node ADD COLUMN revision {int} NOT NULL DEFAULT 0;

-- Which edges the events after a position asserted or retracted: what a graph in memory has to take in (docs/decisions/0091).
-- Of kinds that are walked alone; statements must name them in these very words.
CREATE INDEX edge_asserted ON edge (asserted_by) WHERE kind IN (1, 2, 3, 4, 8, 9);
CREATE INDEX edge_retracted ON edge (retracted_by) WHERE retracted_by IS NOT NULL AND kind IN (1, 2, 3, 4, 8, 9);

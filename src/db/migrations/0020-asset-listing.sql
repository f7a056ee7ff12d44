-- The indexes of 0018 in words that only who means them asks in (firstOfClass in domain/graph). SQLite held a bound `kind = ?` against the
-- partial index of `kind = 3`, to see whether that would do, and so compiled statements that ask for a kind anew each time they ran: a
-- tenth of a small write, nearly half of `runs/get`.
DROP INDEX node_asset;
DROP INDEX node_asset_name;
CREATE INDEX node_asset ON node (project, type, id) WHERE +kind = 3 AND class = id;
CREATE INDEX node_asset_name ON node (project, type, {head:name}, id) WHERE +kind = 3 AND class = id;

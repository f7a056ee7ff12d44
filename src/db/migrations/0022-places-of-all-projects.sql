-- What lies in one place is the same in whatever project (docs/decisions/0086): groups of marks, and the order of reads and writes, are
-- those of the whole server. Of equal uids, which follow from the same names, the project tells which comes first.
DROP INDEX identity_mark_group;
CREATE UNIQUE INDEX identity_mark_group ON identity_mark (scope, kind, value, uid, project);
DROP INDEX dataset_use_order;
CREATE INDEX dataset_use_order ON dataset_use (class, direction, binds, at, uid, project);

-- Members of a class, beside the one it is named after, by project: a project lists a dataset by its own first record of it.
DROP INDEX node_class;
CREATE INDEX node_class ON node (class, project) WHERE class <> id;
DROP INDEX node_asset;
CREATE INDEX node_asset ON node (project, type, id) WHERE +kind = 3;
DROP INDEX node_asset_name;
CREATE INDEX node_asset_name ON node (project, type, {head:name}, id) WHERE +kind = 3;

-- 0 is the whole server: places that several projects have are joined when a server first opens the store.
INSERT INTO identity_pending (project) SELECT 0 WHERE EXISTS (
  SELECT 1 FROM identity_mark WHERE scope = 0 GROUP BY kind, value HAVING min(project) < max(project));

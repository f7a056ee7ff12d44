-- Datasets of a project in the order they were recorded, and by name: pages of them begin where the one before ended. Only the
-- first record of a dataset, which its class is named after; kind 3: asset (domain/graph/vocabulary.ts).
CREATE INDEX node_asset ON node (project, type, id) WHERE kind = 3 AND class = id;
CREATE INDEX node_asset_name ON node (project, type, {head:name}, id) WHERE kind = 3 AND class = id;

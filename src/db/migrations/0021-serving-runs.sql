-- Runs of which events told that they serve a model (facet cairn_deployment, docs/decisions/0087), whether or not that holds: 1, else NULL.
ALTER TABLE job_run ADD COLUMN serves {int};
UPDATE job_run SET serves = 1 WHERE node IN (SELECT f.owner FROM facet f JOIN interned_key k ON k.id = f.key
  WHERE k.name = 'cairn_deployment' AND f.scope = 1);
CREATE INDEX job_run_serves ON job_run (node) WHERE serves IS NOT NULL;

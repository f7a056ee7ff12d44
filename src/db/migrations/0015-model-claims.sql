-- That a thing is a model of the registry, as a facet of OpenLineage says (docs/decisions/0084). owner: the version that a job wrote or
-- somebody named, which is that model; or a run, which made it. reference: `<name>/<number>`, or the id of a logged model; hash: its
-- SHA-256. edge: what follows; NULL while the project has no such model.
CREATE TABLE model_claim (
  owner {int} PRIMARY KEY,
  project {int} NOT NULL,
  hash {bytes} NOT NULL,
  reference {text} NOT NULL,
  edge {int}
) {strict};
CREATE INDEX model_claim_reference ON model_claim (project, hash);

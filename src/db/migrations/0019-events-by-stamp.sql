-- An event by its stamp, which says all that its hash does and begins with its time: events come about in the order of their times, so that
-- those of one commit stand on one page rather than on one each. Of events that asserted nothing the stamp is not known: told again they
-- change nothing but the log.
ALTER TABLE lineage_event RENAME TO lineage_event_by_hash;
CREATE TABLE lineage_event (
  project {int} NOT NULL,
  stamp {bytes} NOT NULL,
  event {int} NOT NULL,
  PRIMARY KEY (project, stamp)
) {clustered};
INSERT INTO lineage_event (project, stamp, event) SELECT n.project, s.stamp, min(s.event) FROM run_state s JOIN node n ON n.id = s.run
  GROUP BY n.project, s.stamp;
INSERT INTO lineage_event (project, stamp, event) SELECT f.project, f.stamp, min(f.event) FROM facet f
  WHERE NOT EXISTS (SELECT 1 FROM lineage_event l WHERE l.project = f.project AND l.stamp = f.stamp) GROUP BY f.project, f.stamp;
DROP TABLE lineage_event_by_hash;

-- What is known of points without reading them (docs/formats/points.md). A row of height 0 is that of a chunk, with the same id: where
-- its points lie, and its outline, none for a small chunk. A row above is a storey: the outline of eight rows of the
-- height below, whose parent it is. A parent of 0 is none: whoever looks at a series begins with those. Derived.
CREATE TABLE point_outline (
  series {int} NOT NULL,
  id {int} NOT NULL,
  project {int} NOT NULL,
  parent {int} NOT NULL,
  height {int} NOT NULL,
  points {int} NOT NULL,
  step_min {int} NOT NULL,
  step_max {int} NOT NULL,
  time_min {int} NOT NULL,
  time_max {int} NOT NULL,
  data {bytes},
  PRIMARY KEY (series, id)
) {strict};
CREATE INDEX point_outline_by_parent ON point_outline (series, parent);
INSERT INTO point_outline (series, id, project, parent, height, points, step_min, step_max, time_min, time_max, data)
  SELECT c.series, c.id, c.project, 0, 0, c.points, c.step_min, c.step_max, c.time_min, c.time_max, o.data
  FROM point_chunk c LEFT JOIN chunk_outline o ON o.series = c.series AND o.id = c.id;
DROP TABLE chunk_outline;

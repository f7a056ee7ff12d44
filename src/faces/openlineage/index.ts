/**
 * The OpenLineage face: where Airflow, Spark, dbt, Flink and others send what their jobs read and wrote. Takes events singly,
 * as arrays and in batches; knows no store. Acknowledged means kept: an answer is sent after the commit is on the disk.
 */
import type { LineageEvents } from '../../domain/pipelines/index.ts';
import type { ProjectId } from '../../kernel/ids.ts';
import type { HttpFace } from '../../kernel/operation.ts';
import { replyToError } from './errors.ts';
import { eventOperations } from './event-operations.ts';

export { eventBodyLimits } from './event-operations.ts';

export interface OpenLineageServices {
  readonly lineageEvents: Pick<LineageEvents, 'record'>;
  /** The project whose records this protocol sees. */
  readonly project: { readonly id: ProjectId };
}

export function openLineageFace(services: OpenLineageServices): HttpFace {
  return {
    face: 'openlineage',
    operations: eventOperations(services),
    prefixes: ['/api/v1/lineage', '/api/v1/openlineage', '/api/api/v1'],
    renderError: (error, context) => replyToError(error, context),
  };
}

/** Claims as the graph itself holds them: what follows from MLflow's records can be read off them at any time. */
import type { Queries } from '../../../db/db.ts';
import type { NodeId } from '../../../kernel/ids.ts';
import { anyOf, sql } from '../../../kernel/sql.ts';
import { edgeKinds } from '../../graph/index.ts';
import { markKinds } from './claims.ts';

export interface PlacedVersion {
  readonly version: NodeId;
  readonly asset: NodeId;
  /** 1 where the record says by itself which version it is. */
  readonly names_version: number;
}

/** Versions of assets that have a place: of others no face but their own can speak. */
export async function placedVersions(
  queries: Queries,
  versions: readonly NodeId[],
): Promise<PlacedVersion[]> {
  return queries.many(sql`SELECT e.source AS version, e.target AS asset,
      CASE WHEN m.kind = ${markKinds.explicit} THEN 1 ELSE 0 END AS names_version
    FROM edge e JOIN node a ON a.id = e.target LEFT JOIN identity_mark m ON m.node = e.source
    WHERE e.source ${anyOf(versions)} AND e.kind = ${edgeKinds['version-of']} AND e.known_to IS NULL
      AND a.uri_canonical IS NOT NULL`);
}

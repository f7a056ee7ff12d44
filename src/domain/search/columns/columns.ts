/** The columns that a table of one experiment's runs can have. */
import type { Queries } from '../../../db/db.ts';
import { foldAscii } from '../../../engines/search/pattern.ts';
import type { KeyId, NodeId, ProjectId } from '../../../kernel/ids.ts';
import type { Graph } from '../../graph/index.ts';
import type { Column, ColumnSearch, Columns } from '../search.ts';
import {
  factsOfKeys,
  type KeyFacts,
  keysLimit,
  keysOfExperiment,
  namesLimit,
  runsLimit,
} from './column-store.ts';

export async function columnsOf(
  queries: Queries,
  graph: Graph,
  project: ProjectId,
  node: NodeId,
  search: ColumnSearch,
): Promise<Columns> {
  const part = foldAscii(search.search ?? '');
  const facts: KeyFacts[] = [];
  const names = new Map<KeyId, string>();
  let complete = true;
  for (const scope of ['metric', 'param', 'tag'] as const) {
    const found = await keysOfExperiment(queries, project, node, scope);
    const looked = found.slice(0, namesLimit).map(({ key }) => key);
    for (const [id, name] of await graph.keys.names(queries, looked)) {
      if (foldAscii(name).includes(part)) names.set(id, name);
    }
    const wanted = looked.filter((key) => names.has(key));
    if (found.length > namesLimit || wanted.length > keysLimit) complete = false;
    facts.push(...(await factsOfKeys(queries, project, node, scope, wanted.slice(0, keysLimit))));
  }
  const columns = facts.map(({ key, ...rest }): Column => ({ ...rest, key: names.get(key) ?? '' }));
  columns.sort(byUse);
  return {
    items: columns.slice(0, search.limit),
    complete: complete && columns.length <= search.limit,
    runsLimit,
  };
}

const scopeOrder = { metric: 0, param: 1, tag: 2 } as const;

/** Those that vary first, then by runs, then by scope and key. */
function byUse(a: Column, b: Column): number {
  return (
    Number(b.varies) - Number(a.varies) ||
    b.runs - a.runs ||
    scopeOrder[a.scope] - scopeOrder[b.scope] ||
    Buffer.compare(Buffer.from(a.key), Buffer.from(b.key))
  );
}

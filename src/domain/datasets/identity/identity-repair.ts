/** Writes what an audit found to be otherwise than it should. */

import type { Tx } from '../../../db/db.ts';
import type { NodeId, ProjectId } from '../../../kernel/ids.ts';
import type { RequestContext } from '../../../kernel/request-context.ts';
import type { Journal } from '../../events/index.ts';
import type { Graph } from '../../graph/index.ts';
import { holdClasses } from './classes.ts';
import { bindingEdge, sameEdge } from './derived-edges.ts';
import type { Repairs } from './identity-audit.ts';
import { linkMarks, moveMarks, setClasses } from './mark-store.ts';
import { Settling } from './settling.ts';
import { bindUses, moveUses } from './use-store.ts';

export class IdentityRepair {
  readonly #graph: Graph;
  readonly #journal: Journal;
  readonly #context: RequestContext;

  constructor(graph: Graph, journal: Journal, context: RequestContext) {
    this.#graph = graph;
    this.#journal = journal;
    this.#context = context;
  }

  /** Audits while the classes of these assets are held; resolves to the number of faults, and what else the audit gives. `project`: whose event tells of it. */
  async repair<T extends { readonly repairs: Repairs }>(
    project: ProjectId,
    assets: readonly NodeId[],
    audit: (tx: Tx) => Promise<T>,
  ): Promise<T & { readonly mended: number }> {
    const context = this.#context;
    return this.#journal.write(context, project, 'identity.derive', async (tx) => {
      await holdClasses(tx, assets, []);
      const audited = await audit(tx);
      const { repairs } = audited;
      const mended = repairs.faults.length;
      if (mended === 0) return { ...audited, mended };
      const settling = new Settling({ tx, graph: this.#graph, context, project });
      await setClasses(tx, repairs.classes);
      await moveMarks(tx, repairs.moves);
      await moveUses(tx, repairs.moves);
      settling.retract(repairs.strays);
      settling.retract(repairs.links.flatMap(({ edge }) => edge ?? []));
      settling.retract(repairs.bindings.flatMap(({ edge }) => edge ?? []));
      const linkIds = await settling.ids(repairs.links.length);
      const links = repairs.links.map(({ node, project: of, hub, kind }, index) => {
        const edge = hub === null ? null : linkIds[index]!;
        if (hub !== null) settling.assert(sameEdge(of, linkIds[index]!, node, hub, kind));
        return { node, hub, edge };
      });
      await linkMarks(tx, links);
      const ids = await settling.ids(repairs.bindings.length);
      const bindings = repairs.bindings.map(({ use, wanted }, index) => {
        const edge = wanted === null ? null : ids[index]!;
        if (wanted !== null)
          settling.assert(bindingEdge(use.project, ids[index]!, wanted, use, use.version !== null));
        return { id: use.id, bound: wanted, edge };
      });
      await bindUses(tx, bindings);
      await settling.flush();
      tx.record({ node: project as number as NodeId, body: { mended } });
      return { ...audited, mended };
    });
  }
}

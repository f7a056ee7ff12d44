import { CairnError } from '../../kernel/errors.ts';
import type { NodeId, ProjectId } from '../../kernel/ids.ts';
import type { Page } from '../../kernel/page.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import type { Experiment } from '../contexts/index.ts';
import type { Graph } from '../graph/index.ts';
import type {
  ColumnSearch,
  Columns,
  ExperimentActivity,
  ExperimentSearch,
  FoundRun,
  RunSearch,
  RunSelection,
} from './search.ts';

/** Finds runs and experiments. Reads only, each on one snapshot, by a number of statements that rows do not change. */
export class Search {
  readonly #graph: Graph;

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  /** One page of runs in the order asked for. `invalid_argument` on `cursor` for a token of another query. */
  async runs(_context: RequestContext, _project: ProjectId, _search: RunSearch): Promise<Page<FoundRun>> {
    throw new CairnError('not_implemented', `${this.#graph}`);
  }

  /** How many runs a selection holds. */
  async countRuns(_context: RequestContext, _project: ProjectId, _selection: RunSelection): Promise<number> {
    throw new CairnError('not_implemented', '');
  }

  async experiments(
    _context: RequestContext,
    _project: ProjectId,
    _search: ExperimentSearch,
  ): Promise<Page<Experiment>> {
    throw new CairnError('not_implemented', '');
  }

  /** Runs, running runs and last change of each experiment. */
  async activity(
    _context: RequestContext,
    _project: ProjectId,
    _experiments: readonly Experiment[],
  ): Promise<ReadonlyMap<NodeId, ExperimentActivity>> {
    throw new CairnError('not_implemented', '');
  }

  /** Keys of an experiment's metrics, params and tags, for the columns of a table. `not_found` on `experiment`. */
  async columns(
    _context: RequestContext,
    _project: ProjectId,
    _experiment: string,
    _search: ColumnSearch,
  ): Promise<Columns> {
    throw new CairnError('not_implemented', '');
  }
}

import { invalid } from '../../kernel/errors.ts';
import type { NodeId } from '../../kernel/ids.ts';
import { bodyLimits, endpoint, PrintedBytes } from './endpoint.ts';
import { experimentId } from './experiment-ids.ts';
import { experimentMessage } from './experiments.ts';
import { int32, int64, listOf, nested, text } from './message-schema.ts';
import { experiment, run, viewType, type viewTypes } from './messages.ts';
import { linksOf } from './run-links.ts';
import { runMessage } from './run-message.ts';
import { type RunTexts, runsAnswer } from './run-texts.ts';
import {
  parseMlflowExperimentFilter,
  parseMlflowExperimentOrder,
  parseMlflowRunFilter,
  parseMlflowRunOrder,
} from './search-grammar.ts';
import type { MlflowServices, WorkspaceOperation } from './services.ts';

/** Rows of one page; more is refused, as MLflow does. */
export const pageLimit = 50_000;
const defaultRunsPerPage = 1000;

const views = { ACTIVE_ONLY: 'active', DELETED_ONLY: 'deleted', ALL: 'all' } as const satisfies Readonly<
  Record<keyof typeof viewTypes, string>
>;

export function searchEndpoints(services: MlflowServices, texts: RunTexts): WorkspaceOperation[] {
  const { search } = services;
  return [
    endpoint({
      id: 'experiments.search',
      methods: ['POST', 'GET'],
      path: 'experiments/search',
      permission: 'metadata:read',
      summary: 'Experiments that fit a filter, page by page.',
      request: {
        max_results: int64,
        page_token: text,
        filter: text,
        order_by: listOf(text),
        view_type: viewType,
      },
      response: { experiments: listOf(nested(experiment)), next_page_token: text },
      async run(context, input, project) {
        const page = await search.experiments(context, project.id, {
          filter: parseMlflowExperimentFilter(input.filter ?? ''),
          order: parseMlflowExperimentOrder(input.order_by),
          view: views[input.view_type ?? 'ACTIVE_ONLY'],
          limit: pageSize(Number(input.max_results ?? 0)),
          cursor: input.page_token || undefined,
        });
        const experiments = page.items.map((found) => experimentMessage(found, project.name));
        return { experiments, next_page_token: page.cursor };
      },
    }),
    endpoint({
      id: 'runs.search',
      methods: ['POST'],
      path: 'runs/search',
      permission: 'metadata:read',
      summary: 'Runs of experiments that fit a filter, page by page.',
      bodyLimit: bodyLimits.texts,
      request: {
        experiment_ids: listOf(text),
        filter: text,
        run_view_type: viewType,
        max_results: runsPerPage,
        order_by: listOf(text),
        page_token: text,
      },
      response: { runs: listOf(nested(run)), next_page_token: text },
      async run(context, input, project) {
        // Held here: between the search and the answer others may push them out.
        const known = new Map<NodeId, Uint8Array>();
        const page = await search.runsBesides(context, project.id, {
          experiments: input.experiment_ids.map((id) => experimentId('experiment_ids', id)),
          filter: parseMlflowRunFilter(input.filter ?? ''),
          order: parseMlflowRunOrder(input.order_by),
          view: views[input.run_view_type ?? 'ACTIVE_ONLY'],
          limit: pageSize(input.max_results ?? defaultRunsPerPage),
          cursor: input.page_token || undefined,
          isKnown(version) {
            const text = texts.find(version, 'listed');
            if (text !== undefined) known.set(version.node, text);
            return text !== undefined;
          },
        });
        const links = await linksOf(
          services,
          context,
          project,
          page.loaded.map((found) => found.run),
        );
        for (const { run: found, data, metrics } of page.loaded) {
          const message = runMessage(found, data, metrics, links(found));
          known.set(found.node, texts.print(found, message, 'listed'));
        }
        const printed = page.items.flatMap(({ node }) => known.get(node) ?? []);
        return new PrintedBytes(runsAnswer(printed, page.cursor));
      },
    }),
  ].flat();
}

/** This one is refused with other words than the rest. */
const runsPerPage = {
  ...int32,
  check: (size: number | undefined) =>
    size === undefined || size <= pageLimit
      ? undefined
      : `Invalid value ${size} for parameter 'max_results' supplied:  Hint: Value was of type 'int'.`,
};

function pageSize(asked: number): number {
  const refuse = (why: string) =>
    invalid('max_results', `Invalid value ${asked} for parameter 'max_results' supplied. It must be ${why}`);
  if (asked < 1) throw refuse('a positive integer');
  if (asked > pageLimit) throw refuse(`at most ${pageLimit}`);
  return asked;
}

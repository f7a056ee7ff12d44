/** What differs between two versions of a model, in the native API. */
import { JsonDouble, toJsonDouble } from '../../../kernel/json-number.ts';
import { type Operation, operation } from '../../../kernel/operation.ts';
import { Type } from '../../../kernel/schema.ts';
import type { Artifacts } from '../../artifacts/index.ts';
import { ProjectQuery, type Projects } from '../../contexts/index.ts';
import { WhenQuery, whenOf } from '../../deployments/index.ts';
import { type Lineage, untimedParts } from '../lineage.ts';
import { data, NodeWire, Reference, StepWire } from '../lineage-operations.ts';
import type { DataChange } from './difference.ts';

const Side = Type.Union([Type.String(), Type.Null()], { description: 'null: it is not there.' });
const Changes = (description: string) =>
  Type.Array(Type.Object({ name: Type.String(), from: Side, to: Side }, { title: 'LineageChange' }), {
    description,
  });
const Known = Type.Array(Type.Object({ ...data, path: Type.Array(StepWire) }, { title: 'LineageKnownData' }));
const DataChanges = (description: string) =>
  Type.Array(
    Type.Object(
      {
        change: Type.Enum(['added', 'removed', 'changed']),
        dataset: Type.String({ description: 'uid of the dataset' }),
        name: Type.String(),
        from: Known,
        to: Known,
      },
      { title: 'LineageDataChange' },
    ),
    { description },
  );
const MaybeNode = Type.Union([NodeWire, Type.Null()]);
const MaybeText = Type.Union([Type.String(), Type.Null()]);

interface Services {
  readonly projects: Projects;
  readonly lineage: Lineage;
  readonly artifacts: Artifacts;
}

export function differenceOperations({ projects, lineage, artifacts }: Services): Operation[] {
  return [
    operation({
      id: 'lineage.diff',
      method: 'GET',
      path: '/api/v1/lineage/diff',
      permission: 'metadata:read',
      summary:
        'What differs between two versions of a model, or two runs: the data they come from at any distance, each with the way to it; code, parameters, packages.',
      query: Type.Object({ ...ProjectQuery, ...WhenQuery, from: Reference, to: Reference }),
      output: Type.Object({
        from: NodeWire,
        to: NodeWire,
        runs: Type.Object(
          { from: MaybeNode, to: MaybeNode },
          { description: 'The nearest run of each, where code and parameters stand.' },
        ),
        data: DataChanges('Datasets of which they have other versions, or which only one has.'),
        evaluation: DataChanges('The same of what they were only judged by.'),
        code: Changes(
          'Commit, branch, repository, source, entry point, notebook, image, SQL and source code (of a long one lines and digest): tags of MLflow, facets of OpenLineage as the events of the run told them.',
        ),
        params: Changes('Of the run, and of the logged model.'),
        environment: Changes(
          'Packages, Python and channels, as the files beside the model ask for them; engine and variables, as facets tell them.',
        ),
        same: Type.Object(
          {
            ...{ data: Type.Integer(), code: Type.Integer() },
            ...{ params: Type.Integer(), environment: Type.Integer() },
          },
          { description: 'How many of each are the same.' },
        ),
        metrics: Type.Array(
          Type.Object(
            {
              ...{ name: Type.String(), dataset: MaybeText },
              from: Type.Union([JsonDouble, Type.Null()]),
              to: Type.Union([JsonDouble, Type.Null()]),
            },
            { title: 'LineageMetricPair' },
          ),
          {
            description:
              'The last values of both beside each other, also where they are equal: of the logged model on each dataset, else of the run; null: not measured. No more than 1,000 of either.',
          },
        ),
        files: Type.Object(
          { from: Type.Array(Type.String()), to: Type.Array(Type.String()) },
          {
            description:
              'Where the packages were read: requirements.txt, python_env.yaml, conda.yaml beside the model, as far as the server opens them.',
          },
        ),
        untimed: Type.Array(Type.Enum([...untimedParts]), {
          description:
            'Where an instant was asked about: what is told as it is now, for nothing keeps what it was then. Data are of then.',
        }),
        complete: Type.Boolean({ description: 'What both come from is told to the end.' }),
      }),
      errors: ['not_found', 'query_too_expensive'],
      async run(context, { query }) {
        const project = await projects.resolve(context, query.project);
        const { from, to } = query;
        const found = await lineage.difference(context, project, artifacts, { ...whenOf(query), from, to });
        const maybe = (value: number | null) => (value === null ? null : toJsonDouble(value));
        const list = <T extends object>(items: readonly T[]) => items.map((item) => ({ ...item }));
        return {
          ...found,
          ...{ data: found.data.map(dataWire), evaluation: found.evaluation.map(dataWire) },
          metrics: found.metrics.map(({ name, dataset, from, to }) => ({
            ...{ name, dataset, from: maybe(from), to: maybe(to) },
          })),
          untimed: [...found.untimed],
          files: { from: [...found.files.from], to: [...found.files.to] },
          ...{ code: list(found.code), params: list(found.params), environment: list(found.environment) },
        };
      },
    }),
  ];
}

const dataWire = ({ from, to, ...rest }: DataChange) => ({
  ...rest,
  from: from.map((one) => ({ ...one, path: [...one.path] })),
  to: to.map((one) => ({ ...one, path: [...one.path] })),
});

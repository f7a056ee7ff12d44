/** Endpoints and deployments as the native API shows them. */
import { wordOf } from '../../kernel/codes.ts';
import { type Static, Type } from '../../kernel/schema.ts';
import { faceCodes } from '../events/index.ts';
import { knownHows } from '../graph/index.ts';
import { askedInstant, type Deployment, deploymentLimits, type Endpoint, endings } from './deployment.ts';
import type { Assertion } from './deployment-reads.ts';
import { PlatformWire } from './platform.ts';

export const Nothing = Type.Null({ description: 'No content.' });
export const EndpointName = Type.String({
  minLength: 1,
  maxLength: deploymentLimits.name * 2,
  description: 'Name of an endpoint: `prod/scoring`.',
});

const asked = (what: string) =>
  Type.Optional(
    Type.String({
      maxLength: 40,
      description: `${what}: a day (its first instant, UTC), a time, or ms since 1970. Now when absent.`,
    }),
  );
/** What every read takes. */
export const WhenQuery = {
  as_of: asked('As it was'),
  known_at: asked('As it was known'),
};
export const whenOf = (query: { readonly as_of?: string; readonly known_at?: string }) => ({
  asOf: askedInstant('as_of', query.as_of),
  knownAt: askedInstant('known_at', query.known_at),
});

const Instant = Type.Integer({ description: 'ms since 1970' });
const MaybeInstant = Type.Union([Type.Integer(), Type.Null()], { description: 'ms since 1970' });
const Text = Type.Union([Type.String(), Type.Null()]);
const Ending = Type.Union([Type.Enum([...endings]), Type.Null()], {
  description: 'How it ended; null while it lasts.',
});

const ShareWire = Type.Object({
  from: Instant,
  to: Type.Union([Type.Integer(), Type.Null()], { description: 'ms since 1970; null while it lasts.' }),
  traffic: Type.Number({ description: 'Per cent of the slot.' }),
  ending: Ending,
});

export const DeploymentWire = Type.Object(
  {
    uid: Type.String(),
    endpoint: Type.Object({ uid: Type.String(), name: Type.String(), deleted: Type.Boolean() }),
    slot: Type.String(),
    model: Type.Object({
      uri: Type.String({ description: 'What was deployed: `models:/churn/3`, or `models:/m-…`.' }),
      asked: Type.String({ description: 'As it was written: `models:/churn@champion`.' }),
      uid: Type.String({ description: 'Of its node in the graph.' }),
      name: Type.Union([Type.String(), Type.Null()], { description: 'Of the registered model.' }),
      version: Type.Union([Type.Integer(), Type.Null()]),
      loggedModel: Text,
      run: Type.Union([Type.String(), Type.Null()], { description: 'Id of the run it came from.' }),
      deleted: Type.Boolean({ description: 'Its record has been deleted since.' }),
      foreign: Type.Boolean({
        description: 'No registry here has it: it is known by what jobs say of it.',
      }),
    }),
    state: Type.Enum(['serving', 'ended', 'retracted']),
    started: Instant,
    ended: MaybeInstant,
    ending: Ending,
    traffic: Type.Number({
      description: 'Per cent of the slot, at the instant that was asked about; else its last.',
    }),
    shares: Type.Array(ShareWire, { description: 'Its stretches, the earliest first.' }),
    platform: Type.Union([PlatformWire, Type.Null()]),
    note: Text,
    jobRun: Type.Union(
      [
        Type.Object({
          uid: Type.String(),
          runId: Type.String(),
          namespace: Type.String(),
          job: Type.String(),
        }),
        Type.Null(),
      ],
      {
        description:
          'The run of a job that is this deployment, as its facet `cairn_deployment` of OpenLineage says: it lasts as long as that run. null: recorded by hand.',
      },
    ),
    by: Type.String({ description: 'Who recorded it.' }),
    recorded: Type.Integer({ description: 'ms since 1970; when it became known.' }),
    endedBy: Text,
    rolledBack: Type.Union([Type.String(), Type.Null()], {
      description: 'uid of the deployment that was rolled back to this one.',
    }),
  },
  { title: 'Deployment' },
);

export const AssertionWire = Type.Object({
  from: Instant,
  to: MaybeInstant,
  traffic: Type.Number(),
  ending: Ending,
  knownFrom: Instant,
  knownTo: Type.Union([Type.Integer(), Type.Null()], {
    description: 'ms since 1970; null while it is believed.',
  }),
  by: Type.String({ description: 'Who said so.' }),
  retractedBy: Text,
  face: Type.String(),
  known: Type.Enum(Object.keys(knownHows)),
});

export const EndpointWire = Type.Object(
  {
    uid: Type.String(),
    name: Type.String(),
    description: Text,
    created: Instant,
    updated: Instant,
    deleted: Type.Boolean(),
    deployments: Type.Integer({ description: 'How many there were.' }),
    serving: Type.Array(DeploymentWire, {
      description: 'What serves there, at the instant that was asked about.',
    }),
  },
  { title: 'Endpoint' },
);

export function deploymentWire(one: Deployment): Static<typeof DeploymentWire> {
  const { uid, endpoint, slot, started, by, recorded, model, retracted, ended } = one;
  return {
    ...{ uid, endpoint, slot, started, by, recorded, traffic: one.percent },
    model: {
      ...{ uri: model.uri, asked: model.asked, uid: model.uid, deleted: model.deleted },
      foreign: model.foreign,
      ...{ name: model.name ?? null, version: model.version ?? null },
      ...{ loggedModel: model.loggedModel ?? null, run: model.run ?? null },
    },
    state: retracted ? 'retracted' : ended === undefined ? 'serving' : 'ended',
    ended: ended ?? null,
    ending: one.ending ?? null,
    shares: one.shares.map(({ from, to, percent, ending }) => ({ from, to, traffic: percent, ending })),
    platform: one.platform ?? null,
    note: one.note ?? null,
    endedBy: one.endedBy ?? null,
    rolledBack: one.rolledBack ?? null,
    jobRun: one.jobRun ?? null,
  };
}

export function assertionWire(one: Assertion): Static<typeof AssertionWire> {
  const { from, to, percent, ending, knownFrom, knownTo, by } = one;
  return {
    ...{ from, to, traffic: percent, ending, knownFrom, knownTo, by, retractedBy: one.retractedBy ?? null },
    face: wordOf(faceCodes, one.face),
    known: wordOf(knownHows, one.known),
  };
}

export function endpointWire(one: Endpoint): Static<typeof EndpointWire> {
  const { uid, name, created, updated, deleted, deployments } = one;
  return {
    ...{ uid, name, created, updated, deleted, deployments },
    description: one.description ?? null,
    serving: one.serving.map(deploymentWire),
  };
}

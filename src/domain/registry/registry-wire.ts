/** Registered models, versions and their names as the native API shows them. */
import { type Static, Type } from '../../kernel/schema.ts';
import { TagWire } from '../contexts/index.ts';
import { type ModelVersion, type RegisteredModel, stages } from './registered-model.ts';
import type { NamedInterval } from './version-names.ts';

export const StageWire = Type.Enum([...stages], { title: 'Stage' });
const Instant = Type.Integer({ description: 'ms since 1970' });
const Text = Type.Union([Type.String(), Type.Null()]);

export const VersionWire = Type.Object(
  {
    uid: Type.String({ description: 'Of its node in the graph.' }),
    model: Type.String({ description: 'Name of the registered model.' }),
    version: Type.Integer({ description: '1, 2, 3 …; never given twice.' }),
    description: Text,
    created: Instant,
    updated: Instant,
    creator: Type.String({ description: 'Who made it.' }),
    stage: StageWire,
    aliases: Type.Array(Type.String()),
    source: Type.String({ description: 'Where it came from.' }),
    location: Type.String({ description: 'Where clients read its files.' }),
    run: Type.Union([Type.String(), Type.Null()], { description: 'Id of the run it came from, as written.' }),
    runLink: Text,
    loggedModel: Type.Union([Type.String(), Type.Null()], {
      description: 'Id of the logged model it came from.',
    }),
    tags: Type.Array(TagWire),
  },
  { title: 'ModelVersion' },
);

export const RegisteredWire = Type.Object(
  {
    uid: Type.String({ description: 'Of its node in the graph.' }),
    name: Type.String(),
    description: Text,
    created: Instant,
    updated: Instant,
    tags: Type.Array(TagWire),
    aliases: Type.Array(Type.Object({ alias: Type.String(), version: Type.Integer() })),
    versions: Type.Integer({ description: 'How many it has.' }),
    latest: Type.Array(VersionWire, { description: 'The greatest version of each stage.' }),
  },
  { title: 'RegisteredModel' },
);

export const IntervalWire = Type.Object(
  {
    kind: Type.Enum(['alias', 'stage']),
    name: Type.String({ description: 'The alias, or the stage.' }),
    version: Type.Integer(),
    versionUid: Type.String(),
    from: Instant,
    to: Type.Union([Type.Integer(), Type.Null()], { description: 'ms since 1970; null while it lasts.' }),
    by: Type.String({ description: 'Who began it.' }),
    endedBy: Text,
  },
  { title: 'NamedInterval' },
);

export function versionWire(version: ModelVersion): Static<typeof VersionWire> {
  const { uid, model, created, updated, creator, stage, source, location } = version;
  return {
    ...{ uid, model, created, updated, creator, stage, source, location },
    version: version.version,
    description: version.description ?? null,
    aliases: [...version.aliases],
    run: version.run === '' ? null : version.run,
    runLink: version.runLink === '' ? null : version.runLink,
    loggedModel: version.loggedModel === '' ? null : version.loggedModel,
    tags: [...version.tags],
  };
}

export function registeredWire(model: RegisteredModel): Static<typeof RegisteredWire> {
  const { uid, name, created, updated, versions } = model;
  return {
    ...{ uid, name, created, updated, versions },
    description: model.description ?? null,
    tags: [...model.tags],
    aliases: model.aliases.map(({ alias, version }) => ({ alias, version })),
    latest: model.latest.map(versionWire),
  };
}

export function intervalWire(interval: NamedInterval): Static<typeof IntervalWire> {
  return { ...interval, to: interval.to ?? null, endedBy: interval.endedBy ?? null };
}

/**
 * A run as events of OpenLineage: that it began, how it ended, which of its models were registered, and what these served. An event is
 * stamped with the time at which it happened, and made of nothing else than the facts: the same run gives the same bytes.
 */
import { createHash } from 'node:crypto';
import { isEvaluation } from '../../engines/graph/index.ts';
import { type DatasetPlace, placeOf } from './dataset-naming.ts';
import { eventSchema, type Facets, instant, producer } from './facet-writing.ts';
import {
  datasetFacets,
  deploymentFacets,
  inputFacets,
  jobFacets,
  loggedModelFacets,
  modelVersionFacets,
  parentFacets,
  type RunName,
  resultFacets,
  sourceFacets,
  trainingFacets,
  versionFacets,
} from './run-facets.ts';
import type { Deployment, ModelVersion, NamedRun, RunFacts, RunInput } from './run-facts.ts';

export interface SentDataset {
  readonly namespace: string;
  readonly name: string;
  readonly facets: Facets;
  readonly inputFacets?: Facets;
}

export interface RunEvent {
  readonly eventTime: string;
  readonly eventType: 'START' | 'RUNNING' | 'COMPLETE' | 'ABORT' | 'FAIL' | 'OTHER';
  readonly producer: string;
  readonly schemaURL: string;
  readonly run: { readonly runId: string; readonly facets: Facets };
  readonly job: { readonly namespace: string; readonly name: string; readonly facets: Facets };
  readonly inputs: readonly SentDataset[];
  readonly outputs: readonly SentDataset[];
}

const endings = { finished: 'COMPLETE', failed: 'FAIL', killed: 'ABORT' } as const;

/** `namespace`: of jobs, of models, and of datasets that have no place of their own. One that has not begun has no events. */
export function eventsOfRun(facts: RunFacts, namespace: string): RunEvent[] {
  return new RunEvents(facts, namespace).all();
}

class RunEvents {
  readonly #facts: RunFacts;
  readonly #namespace: string;

  constructor(facts: RunFacts, namespace: string) {
    this.#facts = facts;
    this.#namespace = namespace;
  }

  all(): RunEvent[] {
    if (this.#facts.run.state === 'scheduled') return [];
    return [
      ...this.#ofRun(),
      ...this.#facts.versions.flatMap((version) => this.#ofVersion(version)),
      ...this.#facts.deployments.flatMap((deployment) => this.#ofDeployment(deployment)),
    ];
  }

  #ofRun(): RunEvent[] {
    const { run, ancestors, modelsMade } = this.#facts;
    const [parent] = ancestors;
    const root = ancestors.at(-1);
    const began = {
      ...parentFacets(parent && this.#nameOf(parent), root && this.#nameOf(root)),
      ...trainingFacets(this.#facts),
    };
    const of = { name: this.#nameOf(this.#facts), job: this.#jobFacets() };
    const inputs = this.#inputs();
    const events = [this.#event('START', run.started, { ...of, facets: began, inputs })];
    const outputs = modelsMade.map((model) => this.#model(model.id, loggedModelFacets(model)));
    const facets = { ...began, ...resultFacets(this.#facts) };
    const end = run.state in endings ? endings[run.state as keyof typeof endings] : 'RUNNING';
    const at = end === 'RUNNING' ? this.#lastHeard() : (run.ended ?? this.#lastHeard());
    events.push(this.#event(end, at, { ...of, facets, inputs, outputs }));
    return events;
  }

  /** ms; of a run that goes on: as far as it has come. */
  #lastHeard(): number {
    const { run, metrics, inputs, modelsMade } = this.#facts;
    const times = [
      ...metrics.map(([, { lastTime }]) => Number(lastTime)),
      ...inputs.map(({ input }) => input.created),
      ...modelsMade.map(({ updated }) => updated),
    ];
    return times.filter((time) => instant(time) !== undefined).reduce((a, b) => Math.max(a, b), run.started);
  }

  #jobFacets(): Facets {
    return { ...jobFacets('BATCH', 'RUN'), ...sourceFacets(this.#facts) };
  }

  #inputs(): SentDataset[] {
    const { inputs, modelsRead } = this.#facts;
    const datasets = [...Map.groupBy(inputs, (input) => JSON.stringify(this.#placeOf(input))).values()].map(
      (same) => {
        // A dataset stands once among the inputs. What was learnt from, too, was not there to judge alone.
        const input = same.find(({ input: { context } }) => !isEvaluation(context)) ?? same[0]!;
        const place = this.#placeOf(input);
        return {
          ...{ namespace: place.namespace, name: place.name },
          facets: datasetFacets(input, place, place.version),
          inputFacets: inputFacets(input, same, this.#facts),
        };
      },
    );
    const models = modelsRead.map((model) => this.#model(model.id, loggedModelFacets(model)));
    return [...datasets, ...models];
  }

  /**
   * What lies nowhere belongs to its experiment, and its digest tells its versions apart; two of one name in one run, such as the parts of
   * a table, are two datasets.
   */
  #placeOf({ input }: RunInput): DatasetPlace {
    const { sourceType, source, name, digest } = input;
    const place = placeOf(sourceType, source);
    if (place !== undefined) return place;
    const isAmbiguous = this.#facts.inputs.some(
      ({ input: other }) =>
        other.name === name &&
        other.digest !== digest &&
        placeOf(other.sourceType, other.source) === undefined,
    );
    const own = `datasets/${this.#facts.experiment}/${name}${isAmbiguous ? `@${digest}` : ''}`;
    return { namespace: this.#namespace, name: own, version: digest, uri: undefined };
  }

  /** Models lie beside the jobs: registered ones by their names, others by their ids. */
  #model(name: string, facets: Facets): SentDataset {
    return { namespace: this.#namespace, name: `models/${name}`, facets };
  }

  /**
   * A version of a logged model, or of another version, is made by a step of its own, which reads that; one of the files of the run is
   * what the run made.
   */
  #ofVersion(version: ModelVersion): RunEvent[] {
    const output = this.#model(version.model, modelVersionFacets(version));
    const [, model, number] = /^models:\/([^/]+)\/(\d+)$/.exec(version.source) ?? [];
    const input =
      model !== undefined && number !== undefined
        ? this.#model(model, versionFacets(number))
        : version.loggedModel === null
          ? undefined
          : this.#model(version.loggedModel, versionFacets(version.loggedModel));
    const run = this.#nameOf(this.#facts);
    if (input === undefined) {
      const of = { name: run, job: this.#jobFacets(), facets: {}, outputs: [output] };
      return [this.#event('OTHER', version.created, of)];
    }
    const name = {
      runId: uuidOf(['version', this.#namespace, version.model, version.version]),
      job: { namespace: this.#namespace, name: `models/${version.model}/register` },
    };
    const facets = parentFacets(run, undefined);
    const of = { name, job: jobFacets('BATCH', 'REGISTRATION'), facets, inputs: [input], outputs: [output] };
    return [this.#event('START', version.created, of), this.#event('COMPLETE', version.created, of)];
  }

  #ofDeployment(deployment: Deployment): RunEvent[] {
    if (deployment.state === 'retracted') return [];
    const { model, started, ended, ending } = deployment;
    const named =
      model.name === null || model.version === null
        ? { name: model.loggedModel ?? '', version: model.loggedModel ?? '' }
        : { name: model.name, version: String(model.version) };
    const of = {
      name: this.#nameOfDeployment(deployment),
      job: deployment.jobRun === null ? jobFacets('SERVICE', 'DEPLOYMENT') : {},
      facets: deploymentFacets(deployment),
      inputs: [this.#model(named.name, versionFacets(named.version))],
    };
    const events = [this.#event('START', started, of)];
    if (ended !== null) events.push(this.#event(ending === 'failed' ? 'FAIL' : 'COMPLETE', ended, of));
    return events;
  }

  /** One that was told by a run of a job stays that run. */
  #nameOfDeployment({ jobRun, uid, endpoint }: Deployment): RunName {
    if (jobRun !== null) {
      const { runId, namespace, job: name } = jobRun;
      return { runId, job: { namespace, name } };
    }
    const job = { namespace: this.#namespace, name: `endpoints/${endpoint.name}` };
    return { runId: uuidOf(['deployment', this.#namespace, uid]), job };
  }

  #nameOf({ run, experiment }: NamedRun): RunName {
    const script = run.tags['mlflow.source.name']?.split(/[\\/]/).findLast((part) => part !== '');
    const name = script === undefined ? experiment : `${experiment}/${script}`;
    return { runId: uuidOfRun(run.id), job: { namespace: this.#namespace, name } };
  }

  #event(
    eventType: RunEvent['eventType'],
    at: number,
    of: {
      readonly name: RunName;
      readonly job: Facets;
      readonly facets: Facets;
      readonly inputs?: readonly SentDataset[];
      readonly outputs?: readonly SentDataset[];
    },
  ): RunEvent {
    return {
      eventTime: instant(at) ?? new Date(0).toISOString(),
      ...{ eventType, producer, schemaURL: eventSchema },
      run: { runId: of.name.runId, facets: of.facets },
      job: { ...of.name.job, facets: of.job },
      ...{ inputs: of.inputs ?? [], outputs: of.outputs ?? [] },
    };
  }
}

const dashed = (hex: string): string =>
  [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');

/** MLflow's ids have the digits of a UUID. */
const uuidOfRun = (id: string): string => (/^[0-9a-f]{32}$/.test(id) ? dashed(id) : uuidOf(['run', id]));

/** Always the same for the same parts: a UUID of version 8, which is one's own to make. */
function uuidOf(parts: readonly (string | number)[]): string {
  const hex = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  const variant = ((Number.parseInt(hex[16]!, 16) & 3) | 8).toString(16);
  return dashed(`${hex.slice(0, 12)}8${hex.slice(13, 16)}${variant}${hex.slice(17, 32)}`);
}

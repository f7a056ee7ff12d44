/** Composition root: chooses every concrete part, wires them in the order in which they stand on each other. */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Config } from './config.ts';
import type { Db } from './db/db.ts';
import { openDb } from './db/open-db.ts';
import { Access, systemContext } from './domain/access/index.ts';
import { Artifacts, artifactOperations, type Blobs, Tickets } from './domain/artifacts/index.ts';
import { Experiments, experimentOperations, Projects, projectOperations } from './domain/contexts/index.ts';
import { Datasets, datasetOperations, derivePendingIdentity } from './domain/datasets/index.ts';
import {
  Deployments,
  deploymentOperations,
  followServing,
  modelArrivals,
} from './domain/deployments/index.ts';
import { Events, Journal } from './domain/events/index.ts';
import { Graph } from './domain/graph/index.ts';
import {
  declarationOperations,
  differenceOperations,
  eventOperations,
  Lineage,
  type LineageOptions,
  lineageOperations,
  nodeOperations,
  TaintWatch,
  taintOperations,
} from './domain/lineage/index.ts';
import { Metrics, runOperations } from './domain/metrics/index.ts';
import { LoggedModels, modelOperations, RunLinks } from './domain/models/index.ts';
import {
  datasetFacets,
  followBindings,
  Jobs,
  jobOperations,
  LineageEvents,
} from './domain/pipelines/index.ts';
import { Registry, registryOperations } from './domain/registry/index.ts';
import { Retention, retentionOperations } from './domain/retention/index.ts';
import { Runs } from './domain/runs/index.ts';
import { Finder, findOperations, Search, searchOperations } from './domain/search/index.ts';
import { Transfers, transferOperations } from './domain/transfer/index.ts';
import { SecretSeal, Webhooks, type WebhooksOptions, webhookOperations } from './domain/triggers/index.ts';
import { LocalBlobs } from './engines/blobs/index.ts';
import { AddressRules, Outbound } from './engines/outbound/index.ts';
import {
  Admission,
  HttpHost,
  nativeFace,
  openApi,
  probeOperations,
  RequestFigures,
  type ServerFacts,
  serverOperations,
  UiFiles,
} from './faces/http/index.ts';
import { mlflowFace } from './faces/mlflow/index.ts';
import { openLineageFace } from './faces/openlineage/index.ts';
import { systemRandom } from './kernel/ids.ts';
import type { HttpFace, Operation } from './kernel/operation.ts';
import type { RequestContext } from './kernel/request-context.ts';
import { sql } from './kernel/sql.ts';
import { systemClock } from './kernel/time.ts';
import { secretsKeyIn } from './secrets-key.ts';
import { openServerLog } from './server-log.ts';

export interface App {
  listen(): Promise<{ url: string }>;
  close(): Promise<void>;
}

/** Everything an opened store offers, without any wire. */
export interface Domain {
  readonly db: Db;
  readonly graph: Graph;
  readonly events: Events;
  readonly projects: Projects;
  readonly experiments: Experiments;
  readonly runs: Runs;
  readonly metrics: Metrics;
  readonly search: Search;
  readonly finder: Finder;
  readonly artifacts: Artifacts;
  readonly datasets: Datasets;
  readonly models: LoggedModels;
  readonly runLinks: RunLinks;
  readonly registry: Registry;
  readonly deployments: Deployments;
  readonly lineageEvents: LineageEvents;
  readonly lineage: Lineage;
  readonly taintWatch: TaintWatch;
  readonly jobs: Jobs;
  readonly webhooks: Webhooks;
  readonly transfers: Transfers;
  readonly retention: Retention;
  /** The project that protocols without projects see. */
  readonly defaultProject: Awaited<ReturnType<Projects['ensureDefault']>>;
  close(): Promise<void>;
}

export interface DomainOptions {
  readonly defaultArtifactRoot: string;
  /** None unless given. */
  readonly allowedArtifactRoots?: readonly string[];
  /** Where the bytes of artifacts are kept. */
  readonly blobs: Blobs;
  /** Unless given: webhooks reach public addresses only, and their secrets open in this process only. */
  readonly webhooks?: Partial<WebhooksOptions>;
  /** Unless given: walked over the store alone. */
  readonly lineage?: LineageOptions;
}

/** How often answers kept for retries are pruned, in ms. */
const pruneInterval = 24 * 60 * 60 * 1000;
/** How often what uploads and deleted files left is removed, in ms. */
const tidyInterval = 60 * 60 * 1000;

export async function createApp(config: Config): Promise<App> {
  const log = openServerLog(config.logLevel);
  mkdirSync(config.dataDir, { recursive: true });
  const db = await openDb({
    address: config.databaseUrl ?? `${config.dataDir}/cairn.db`,
    clock: systemClock,
    random: systemRandom,
    log: (message, cause) => log.error({ err: cause }, message),
  });
  const domain = await openDomain(db, {
    defaultArtifactRoot: config.defaultArtifactRoot,
    allowedArtifactRoots: config.allowedArtifactRoots,
    blobs: new LocalBlobs({ folder: config.artifactsDir, clock: systemClock, random: systemRandom }),
    webhooks: {
      outbound: new Outbound({ rules: new AddressRules(config.webhookTargets), clock: systemClock }),
      seal: new SecretSeal(config.secretsKey ?? secretsKeyIn(config.dataDir)),
    },
    lineage: {
      memory: config.lineageMemory,
      log: (message, cause) => log.warn({ err: cause }, message),
    },
  });
  domain.webhooks.start();
  domain.taintWatch.start();
  // Beside serving: what is to be removed harms nobody until it is gone.
  const upkeep = new AbortController();
  let tidying = Promise.resolve();
  const stopTidying = every(tidyInterval, () => {
    tidying = domain.artifacts.tidy(serverContext(upkeep.signal)).catch((error) => {
      if (!upkeep.signal.aborted) log.error({ err: error }, 'upkeep of artifacts failed');
    });
    return tidying;
  });
  domain.metrics.sealer.resume().catch((error) => log.error({ err: error }, 'ended runs were not looked at'));
  const access = new Access({ token: config.token });
  const facts = serverFacts(config, domain, access);
  const admission = new Admission({ bodyBytes: config.requestMemory, answerBytes: config.requestMemory });
  const figures = new RequestFigures(
    () => ({ ...db.gauges(), ...domain.lineage.gauges() }),
    () => admission.gauges(),
  );
  const host = new HttpHost({
    access,
    faces: facesOf(domain, facts, figures, config.publicUrl),
    ui: UiFiles.load(fileURLToPath(new URL('../web/dist', import.meta.url))),
    allowedHosts: allowedHosts(config),
    clock: systemClock,
    random: systemRandom,
    log,
    figures,
    admission,
  });
  return {
    async listen() {
      return { url: await host.listen(config.host, config.port) };
    },
    async close() {
      await host.close();
      stopTidying();
      upkeep.abort();
      await tidying;
      await domain.close();
      log.flush();
    },
  };
}

/** The use cases on a store. Makes what every store has: built-in types, the default project, its experiment Default. */
export async function openDomain(db: Db, options: DomainOptions): Promise<Domain> {
  const graph = await Graph.open(db);
  const events = new Events(db, systemClock);
  const journal = new Journal(db, events.committed);
  const projects = new Projects(graph, journal);
  const serverFolder = process.cwd();
  const experiments = new Experiments(graph, journal, { ...options, serverFolder });
  const metrics = new Metrics(graph, journal);
  const runs = new Runs(graph, journal, (node, project) => metrics.sealer.runEnded(node, project));
  const search = new Search(graph);
  const finder = new Finder(graph);
  const tickets = await Tickets.open(db, systemRandom, systemClock.now());
  const artifacts = new Artifacts(graph, journal, options.blobs, tickets, {
    allowedRoots: options.allowedArtifactRoots ?? [],
    serverFolder,
  });
  const facets = datasetFacets(graph);
  const follow = () => followBindings(graph);
  const datasets = new Datasets(graph, journal, follow, facets);
  const models = new LoggedModels(graph, journal);
  const runLinks = new RunLinks(graph, journal, follow);
  const registry = new Registry(graph, journal, runs, async () => {
    const join = await modelArrivals();
    return (tx, context, project, version, reference) =>
      join(tx, graph, context, project, new Map([[reference, version]]));
  });
  const deployments = new Deployments(graph, journal);
  const lineageEvents = new LineageEvents(graph, journal, () => followServing(graph));
  const lineage = new Lineage(graph, journal, events, facets, {
    clock: systemClock,
    ...options.lineage,
  });
  const taintWatch = new TaintWatch({
    events,
    context: () => serverContext(),
    look: (signal) => lineage.look(serverContext(signal)),
  });
  const jobs = new Jobs(graph);
  const webhooks = new Webhooks(graph, journal, events, {
    outbound: new Outbound({ rules: new AddressRules(), clock: systemClock }),
    seal: new SecretSeal(systemRandom(32)),
    context: () => serverContext(),
    ...options.webhooks,
  });
  const transfers = new Transfers(graph, journal, metrics, follow);
  const retention = new Retention(graph, journal, artifacts);
  const context = serverContext();
  const defaultProject = await projects.ensureDefault(context);
  await experiments.ensureDefault(context, defaultProject);
  await derivePendingIdentity(graph, journal, context, follow);
  events.start();
  const stopPruning = every(pruneInterval, () => journal.prune(serverContext()));
  return {
    db,
    graph,
    events,
    projects,
    experiments,
    runs,
    metrics,
    search,
    finder,
    artifacts,
    datasets,
    models,
    runLinks,
    registry,
    deployments,
    lineageEvents,
    lineage,
    taintWatch,
    jobs,
    webhooks,
    transfers,
    retention,
    defaultProject,
    async close() {
      stopPruning();
      await taintWatch.close();
      await webhooks.close();
      await lineage.close();
      await search.close();
      await artifacts.uploads.close();
      await metrics.sealer.close();
      await events.close();
      await db.close();
    },
  };
}

/** The native API, from which routes, OpenAPI, reference pages and tests are made. */
export function nativeOperations(domain: Domain, facts: ServerFacts): Operation[] {
  return [
    ...serverOperations(facts),
    ...projectOperations(domain.projects),
    ...experimentOperations(domain),
    ...runOperations(domain),
    ...searchOperations(domain),
    ...findOperations(domain),
    ...artifactOperations(domain),
    ...datasetOperations(domain),
    ...modelOperations(domain),
    ...registryOperations(domain),
    ...jobOperations(domain),
    ...deploymentOperations(domain),
    ...webhookOperations(domain),
    ...eventOperations(domain),
    ...nodeOperations(domain),
    ...lineageOperations(domain),
    ...declarationOperations(domain),
    ...taintOperations(domain),
    ...differenceOperations(domain),
    ...transferOperations(domain),
    ...retentionOperations(domain),
  ];
}

export function facesOf(
  domain: Domain,
  facts: ServerFacts,
  figures: RequestFigures,
  publicUrl?: string,
): HttpFace[] {
  const operations = nativeOperations(domain, facts);
  const apiText = once(() => JSON.stringify(openApi(operations, facts.version)));
  const project = { id: domain.defaultProject, name: 'default' };
  return [
    nativeFace(operations, probeOperations(facts, figures, apiText)),
    mlflowFace({ ...domain, project, publicUrl }),
    openLineageFace({ ...domain, project }),
  ];
}

function serverFacts(config: Config, domain: Domain, access: Access): ServerFacts {
  return {
    version: config.version,
    store: domain.db.dialect.name,
    authentication: access.requiresToken,
    async readiness() {
      try {
        // A write that changes nothing takes the same way to the disk as any other.
        await domain.db.write((tx) => tx.run(sql`UPDATE event_sequence SET last = last WHERE id = 1`));
        return undefined;
      } catch {
        return 'the store takes no writes now';
      }
    },
  };
}

/** Beyond loopback a token is asked for, which no page of another site has: then any name is fine unless names are set. */
function allowedHosts(config: Config): readonly string[] {
  const own =
    config.publicUrl === undefined ? [config.host] : [config.host, new URL(config.publicUrl).hostname];
  if (config.allowedHosts.length > 0) return [...config.allowedHosts, ...own];
  return config.token === undefined ? own : ['*'];
}

const serverContext = (signal?: AbortSignal): RequestContext => systemContext(systemClock, 'system', signal);

/** Runs the task now and then every so many ms, until the function that is returned is called. */
function every(interval: number, task: () => Promise<unknown>): () => void {
  let cancel = () => {};
  const run = () => {
    // A store that is away now is there the next time.
    task().catch(() => {});
    cancel = systemClock.after(interval, run);
  };
  run();
  return () => cancel();
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

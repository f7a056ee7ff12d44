/** docs/reference/limits.md: every limit, from the constants that the code refuses by. A limit without words is a type error. */

import { handedOutTime, pathLimits, uploadLimits } from '../../src/domain/artifacts/index.ts';
import { nameLimits } from '../../src/domain/contexts/index.ts';
import { tagLimits } from '../../src/domain/contexts/tag-operations.ts';
import { datasetLimits } from '../../src/domain/datasets/index.ts';
import { deploymentLimits } from '../../src/domain/deployments/index.ts';
import { configDepth, configLimit } from '../../src/domain/deployments/platform.ts';
import { idempotencyRetention } from '../../src/domain/events/journal.ts';
import { walkLimits } from '../../src/domain/lineage/index.ts';
import {
  batchLimits,
  curveLimits,
  exportLimits,
  logLimits,
  pairLimit,
} from '../../src/domain/metrics/index.ts';
import { modelPointsLimit } from '../../src/domain/metrics/model-points.ts';
import { modelLimits } from '../../src/domain/models/logged-model.ts';
import { searchedDatasets } from '../../src/domain/models/logged-model-search.ts';
import { modelHistoryLimit } from '../../src/domain/models/run-links.ts';
import { lineageLimits } from '../../src/domain/pipelines/index.ts';
import { registryLimits } from '../../src/domain/registry/index.ts';
import { runNameLimit } from '../../src/domain/runs/runs.ts';
import { keysLimit, namesLimit, runsLimit } from '../../src/domain/search/columns/column-store.ts';
import { findWindow } from '../../src/domain/search/find/find-store.ts';
import { searchLimits } from '../../src/domain/search/index.ts';
import { retrySchedule, webhookLimits } from '../../src/domain/triggers/index.ts';
import { outboundLimits } from '../../src/engines/outbound/index.ts';
import { admissionDefaults } from '../../src/faces/http/index.ts';
import { artifactLimits } from '../../src/faces/mlflow/artifacts.ts';
import { datasetSearchLimits } from '../../src/faces/mlflow/dataset-searches.ts';
import { bodyLimits as mlflowBodies } from '../../src/faces/mlflow/endpoint.ts';
import { limits as mlflowLimits } from '../../src/faces/mlflow/entity-names.ts';
import { inputLimits } from '../../src/faces/mlflow/inputs.ts';
import { modelPages } from '../../src/faces/mlflow/logged-models.ts';
import { historyLimits } from '../../src/faces/mlflow/metric-history.ts';
import { versionsPerPage } from '../../src/faces/mlflow/model-versions.ts';
import { registeredPages } from '../../src/faces/mlflow/registered-models.ts';
import { linksLimit } from '../../src/faces/mlflow/run-links.ts';
import { pageLimit } from '../../src/faces/mlflow/searches.ts';
import { webhookPages } from '../../src/faces/mlflow/webhooks.ts';
import { eventBodyLimits } from '../../src/faces/openlineage/index.ts';
import { header, page, table } from './markdown.ts';

type Words<Limits> = Readonly<Record<keyof Limits, string>>;

export function limitsPage(): string {
  return page([
    header('the constants named below'),
    '# Limits',
    '',
    'A request beyond a limit is refused with a message that names it, and changes nothing, unless the table says otherwise.',
    'Lengths are UTF-16 units. The limits of single fields and pages of the native API stand with each operation in [api.md](api.md).',
    '',
    '## What the server takes on at once',
    '',
    'Beyond these a request gets 429 with `Retry-After`; `cairn_load` on `/metrics` shows how much of each is taken.',
    '',
    ...rows(admissionDefaults, {
      bodyBytes: 'Bytes of bodies that are received or worked on (`--request-memory`).',
      answerBytes: 'Bytes of answers above 64 KiB that clients have not read yet (`--request-memory`).',
      requests: 'Requests that are not answered yet.',
      streams: 'Event streams.',
    }),
    '',
    '## Names and tags',
    '',
    ...rows(
      { ...nameLimits, run: runNameLimit },
      {
        run: 'Length of the name of a run.',
        project: 'Length of the name of a project.',
        projectDescription: 'Length of what is said of a project.',
        experiment: 'Length of the name of an experiment.',
        artifactLocation: 'Length of an artifact location.',
      },
    ),
    '',
    ...rows(tagLimits, {
      key: 'Length of the key of a tag in the native API.',
      value: 'Length of its value.',
    }),
    '',
    '## One request that logs (native API)',
    '',
    ...rows(logLimits, {
      metrics: 'Points in one request.',
      params: 'Parameters in one request.',
      tags: 'Tags in one request.',
      paramValue: 'Length of the value of a parameter.',
      metricsOfRun: 'Metrics that come with one run; the rest is paged by `run.metrics`.',
      metricsOfPage:
        'Metrics that come with a page of runs where no columns are named: of each run an equal share, its first by name.',
    }),
    '',
    '## One batch of points ([formats/ingest.md](../formats/ingest.md))',
    '',
    ...rows(batchLimits, {
      bytes: 'Bytes of the body.',
      points: 'Points of all its metrics.',
      series: 'Metrics.',
    }),
    '',
    '## One chart',
    '',
    ...rows(
      { ...curveLimits, pairs: pairLimit },
      {
        lines: 'Runs times metrics of one request.',
        pixels: 'Pixels of all its lines together.',
        pairs: 'Points of a metric that is drawn over another one, and of that one.',
      },
    ),
    '',
    '## One reading of whole series (`series.read`)',
    '',
    ...rows(exportLimits, {
      lines: 'Runs times metrics of one request.',
      slice: 'Points that are read together, and of one batch of columns.',
    }),
    '',
    '## Retries',
    '',
    ...rows(
      { idempotencyRetention },
      { idempotencyRetention: 'ms for which the answer to a request with an `Idempotency-Key` is kept.' },
    ),
    '',
    '## Artifacts',
    '',
    ...rows(
      { ...pathLimits, ...uploadLimits, handedOutTime },
      {
        path: 'Bytes of the whole path of a file, from the root of the tree, as UTF-8.',
        segment: 'Bytes of one segment of it.',
        file: 'Bytes of one file.',
        parts: 'Parts of one upload in parts.',
        part: 'Bytes of one part.',
        lifetime:
          'ms after which an upload in parts that was not completed is given up, and its parts are removed.',
        handedOutTime: 'ms for which the address of a download that was handed out is good.',
      },
    ),
    '',
    '## Datasets',
    '',
    ...rows(datasetLimits, {
      name: 'Length of the name of a dataset, its namespace, a field or a type.',
      uri: 'Length of the URI of its place.',
      version: 'Length of a version that a source names.',
      description: 'Length of a description, or of a note on a version.',
      words: 'Length of an owner or a licence.',
      tagKey: 'Length of the key of a tag.',
      tagValue: 'Length of the value of a tag.',
      tags: 'Tags in one request.',
      digests: 'Digests of one version.',
      fields: 'Fields of a schema, with those inside others; columns with statistics.',
      previewRows: 'Rows of a preview.',
      previewColumns: 'Columns of a preview.',
      preview: 'Bytes of a preview, as JSON.',
      differences:
        'Figures that a difference of two versions lists; the answer says how many more there are.',
      skew: 'ms by which the clock of a client may be fast.',
    }),
    '',
    '## Deployments',
    '',
    ...rows(
      { ...deploymentLimits, configLimit, configDepth },
      {
        name: 'Characters of the name of an endpoint.',
        segments: 'Parts of that name, between slashes.',
        slot: 'Length of a slot.',
        note: 'Length of a note.',
        description: 'Length of the description of an endpoint.',
        model: 'Length of a reference to a model.',
        expected: 'Models that one request may expect.',
        skew: 'ms by which a clock may be fast: a time that is not further ahead is taken for now.',
        together: 'Deployments that serve in one slot at a time.',
        configLimit: 'Length of the configuration of a platform, as JSON.',
        configDepth: 'Levels it may nest.',
      },
    ),
    '',
    '## One question of lineage',
    '',
    'A walk that meets a limit tells what it found, and that it is not all.',
    '',
    ...rows(walkLimits, {
      items: 'Nodes of a list that are told, each with its way.',
      depth: 'Hops that may be asked for.',
      nodes: 'Nodes that a walk finds.',
      edges: 'Edges that it reads.',
      versions: 'Versions of an asset that a walk begins at.',
      openEnds: 'Open ends that are told; all are counted.',
    }),
    '',
    '## One search',
    '',
    ...rows(searchLimits, {
      filterLength: 'Length of the text of a filter.',
      clauses: 'Comparisons in one filter.',
      depth: 'Nesting of parentheses and NOT.',
      patternLength: 'Length of a LIKE pattern.',
      orderKeys: 'Keys of an order.',
    }),
    '',
    '## The columns of an experiment',
    '',
    'Beyond these the answer is cut, and says `complete: false`.',
    '',
    ...rows(
      { namesLimit, keysLimit, runsLimit },
      {
        namesLimit: 'Names of metrics, parameters or tags that are looked through.',
        keysLimit: 'Names whose values are looked at.',
        runsLimit: 'Runs that are counted per name.',
      },
    ),
    '',
    '## Finding experiments and runs',
    '',
    'Beyond it the answer says `complete: false`. Ids, whole names and beginnings of names are found at any age.',
    '',
    ...rows(
      { findWindow },
      {
        findWindow: 'The latest records of the store whose names are looked through for a text inside them.',
      },
    ),
    '',
    '## Logged models',
    '',
    ...rows(modelLimits, {
      name: 'Length of the name of a logged model.',
      type: 'Length of its type.',
      key: 'Length of the key of a parameter or tag of it.',
      paramValue: 'Length of the value of a parameter of it.',
      tagValue: 'Length of the value of a tag of it.',
    }),
    '',
    ...rows(registryLimits, {
      name: 'Length of the name of a registered model, in code points.',
      description: 'Length of the description of a registered model or a version.',
      source: 'Length of the source of a version.',
      runLink: 'Length of its link to a run.',
      run: 'Length of the id of a run or a logged model that it names.',
      alias: 'Length of an alias.',
      tagKey: 'Length of the key of a tag of a registered model or a version.',
      tagValue: 'Length of the value of one.',
    }),
    '',
    '## Webhooks',
    '',
    ...rows(webhookLimits, {
      perProject: 'Webhooks of a project.',
      name: 'Length of the name of a webhook.',
      url: 'Length of its URL.',
      description: 'Length of its description.',
      secret: 'Length of its secret.',
      waiting: 'Deliveries of one webhook that wait; beyond, nothing is refused: the rest waits in the log.',
      log: 'Ended deliveries of one webhook that are kept, the latest.',
    }),
    '',
    ...rows(outboundLimits, {
      time: 'ms from the name to the end of the answer, after which an attempt has failed.',
      resolveTime: 'ms in which the name must be resolved.',
      answer: 'Bytes of an answer that are read; the rest is not.',
    }),
    '',
    ...rows(retrySchedule, {
      attempts: 'Attempts after which a delivery has failed; it can be replayed.',
      first: 'ms between the first attempt and the second.',
      factor: 'Times that each wait is as long as the one before; up to a half less, by chance.',
      longest: 'ms that a wait has at most, also where a receiver asks for more.',
    }),
    '',
    ...rows(
      { modelPointsLimit, searchedDatasets },
      {
        modelPointsLimit:
          'Points of logged models in one answer; beyond, each metric shows its latest for each run and dataset only.',
        searchedDatasets: 'Datasets that a search of logged models names.',
      },
    ),
    '',
    '## Events of OpenLineage',
    '',
    'What is refused of a batch is refused by its index, and hurts no other event.',
    '',
    ...rows(eventBodyLimits, {
      body: 'Bytes of a body, inflated.',
      events: 'Events of one request.',
      values: 'Values of one event.',
      depth: 'Nesting of one event.',
    }),
    '',
    ...rows(lineageLimits, {
      namespace: 'Length of a namespace.',
      name: 'Length of the name of a job or a dataset.',
      runId: 'Length of the id of a run.',
      facetKey: 'Length of the key of a facet.',
      version:
        'Length of a version that a dataset names; a longer one is kept in its facet and names nothing.',
      field: 'Length of the name of a field that is linked; the same.',
      datasets: 'Datasets in `inputs`, and in `outputs`.',
      facets: 'Facets of one run, job or dataset in one event.',
      links: 'Links from sources to targets, or from field to field, in one event.',
    }),
    '',
    '## MLflow clients',
    '',
    "As MLflow's own server; lengths are code points.",
    '',
    ...rows(mlflowLimits, {
      key: 'Length of the key of a metric, parameter or tag.',
      paramValue: 'Length of the value of a parameter; longer ones are cut, as MLflow does.',
      runTagValue: 'Length of the value of a tag of a run; longer ones are cut, as MLflow does.',
      experimentTagValue: 'Length of the value of a tag of an experiment.',
      experimentName: 'Length of the name of an experiment.',
      artifactLocation: 'Length of the artifact location of an experiment.',
      metricsPerBatch: 'Points in one log-batch.',
      paramsPerBatch: 'Parameters in one log-batch.',
      tagsPerBatch: 'Tags in one log-batch.',
      entitiesPerBatch: 'All of them together.',
    }),
    '',
    ...rows(historyLimits, {
      page: 'Points of one answer of get-history; the rest is behind the token.',
      runs: 'Runs of one bulk history request.',
      bulk: 'Points of one answer of get-history-bulk, all runs together.',
      interval: 'Points per run of get-history-bulk-interval.',
    }),
    '',
    ...rows({ pageLimit }, { pageLimit: 'Rows of one page of a search.' }),
    '',
    ...rows(inputLimits, {
      name: 'Length of the name of a dataset.',
      digest: 'Length of its digest.',
      sourceType: 'Length of the type of its source.',
      source: 'Length of its source.',
      schema: 'Length of its schema.',
      profile: 'Length of its profile.',
      tagKey: 'Length of the key of a tag of an input.',
      tagValue: 'Length of its value.',
      perRequest: 'Datasets, and models, of one log-inputs or outputs.',
      body: 'Bytes of the body of a log-inputs.',
    }),
    '',
    ...rows(
      { ...datasetSearchLimits, linksLimit, modelHistoryLimit },
      {
        experiments: 'Experiments of one search-datasets.',
        summaries: 'Datasets of its answer.',
        linksLimit: 'Characters of the datasets in one answer about runs; beyond, ask for fewer runs.',
        modelHistoryLimit: 'Length of the tag `mlflow.log-model.history`, to which log-model adds.',
      },
    ),
    '',
    ...rows(modelPages, {
      usual: 'Logged models of one page of a search, unless told.',
      limit: 'At most.',
    }),
    '',
    ...rows(registeredPages, {
      usual: 'Registered models of one page of a search, unless told.',
      limit: 'At most.',
    }),
    '',
    ...rows(webhookPages, { usual: 'Webhooks of one page, unless told.', limit: 'At most.' }),
    '',
    ...rows({ versionsPerPage }, { versionsPerPage: 'Versions of one page of a search, at most.' }),
    '',
    ...rows(artifactLimits, {
      page: 'Entries of one answer of artifacts/list; the rest is behind the token.',
      directory: 'Entries of a directory that is listed by mlflow-artifacts/artifacts, which has no pages.',
      upload: 'Bytes of a body of upload-artifact.',
    }),
    '',
    ...rows(mlflowBodies, {
      plain: 'Bytes of a body.',
      texts: 'Bytes of a body that carries long values (log-batch, search, creating a run).',
    }),
  ]);
}

function rows<Limits extends Readonly<Record<string, number>>>(
  limits: Limits,
  words: Words<Limits>,
): string[] {
  return table(
    ['limit', 'what it bounds'],
    Object.entries(limits).map(([name, value]) => [
      value.toLocaleString('en-GB'),
      words[name as keyof Limits],
    ]),
  );
}

/** What happens to deployments after they began: they end, are rolled back, corrected, or retracted. */
import { invalid, notFound } from '../../kernel/errors.ts';
import type { NodeId, ProjectId, Uid } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { sql } from '../../kernel/sql.ts';
import { type ChangeTx, faceCodes, type Journal } from '../events/index.ts';
import { edgeKinds, type Graph, lockNodes, updateNode } from '../graph/index.ts';
import {
  type Correction,
  checkNote,
  checkSlot,
  deploymentLimits,
  type EndOfDeployment,
  pastInstant,
  precondition,
  type RollBack,
  rounded,
  type Share,
  usualSlot,
} from './deployment.ts';
import {
  applyPlan,
  believed,
  factsOf,
  loadDeployments,
  membersOf,
  sharesOf,
  slotShares,
} from './deployment-store.ts';
import { type EndpointRow, endpointColumns, endpointNamed, mustBeActive } from './endpoint-store.ts';
import { mustServe } from './expectation.ts';
import { resolveModel } from './model-reference.ts';
import { checkPlatform, platformText } from './platform.ts';
import { insertDeployment, planOf, putFacts } from './recording.ts';
import type { SlotPlan } from './slot-plan.ts';

interface Held {
  readonly node: NodeId;
  readonly uid: Uid;
  readonly endpoint: EndpointRow;
  readonly shares: readonly Share[];
}

/** Ends what serves; resolves to the uids of what ended. What has ended already is passed over unless another time is told. */
export async function endDeployments(
  graph: Graph,
  journal: Journal,
  context: RequestContext,
  project: ProjectId,
  input: EndOfDeployment,
): Promise<Uid[]> {
  const { slot = usualSlot, outcome = 'retired', others = 'share' } = input;
  checkSlot(slot);
  if (input.deployment === undefined && input.endpoint === undefined) {
    throw invalid('endpoint', 'endpoint is required, or deployment in its place');
  }
  if (input.deployment !== undefined && input.endpoint !== undefined) {
    throw invalid('deployment', 'deployment and endpoint are not named together');
  }
  const now = context.clock.now();
  const given = input.at === undefined ? undefined : pastInstant('at', input.at, now);
  return journal.write(context, project, 'deployment.end', async (tx) => {
    const one =
      input.deployment === undefined ? undefined : await holdDeployment(tx, graph, project, input.deployment);
    const endpoint = one?.endpoint ?? (await endpointNamed(tx, graph, project, input.endpoint!, true));
    mustBeActive(endpoint);
    const last = one?.shares.at(-1);
    if (one !== undefined && last!.to !== null) {
      if (given === undefined || given === last!.to) return [];
      throw precondition(
        'at',
        `It ended at ${new Date(last!.to).toISOString()} already: correct that if it is wrong.`,
      );
    }
    if (last !== undefined && given !== undefined && given <= one!.shares[0]!.from) {
      throw invalid('at', `at must be after ${new Date(one!.shares[0]!.from).toISOString()}, when it began`);
    }
    const plan = await planOf(tx, graph, endpoint, last?.slot ?? slot, given, now);
    await mustServe(tx, graph, project, plan.serving, input.expected, endpoint.name);
    const ending = await chosen(tx, graph, project, plan, one, input.model);
    if (ending.length === 0) {
      const what = input.model === undefined ? 'Nothing serves' : 'That model does not serve';
      const runs = (await isServedByRun(tx, endpoint))
        ? ' What runs of jobs serve there ends with them.'
        : '';
      throw precondition('endpoint', `${what} at ${endpoint.name} in the slot ${slot} then.${runs}`);
    }
    for (const { deployment } of ending) plan.end(deployment, outcome);
    const rest = plan.serving.filter((each) => !ending.includes(each));
    if (others === 'share' && rest.some(({ percent }) => percent > 0)) {
      plan.scale(rest, rounded(sumOf(rest) + sumOf(ending)));
    }
    await applyPlan(tx, graph, context, endpoint, plan);
    const ended = await loadDeployments(
      tx,
      graph,
      ending.map(({ deployment }) => deployment),
      {},
    );
    const uids = [...ended.values()].map(({ uid }) => uid);
    tx.record({
      node: ending[0]!.deployment,
      touched: touchedBy(endpoint, plan),
      body: {
        ...{ endpoint: endpoint.name, slot: last?.slot ?? slot, at: plan.at, outcome, deployments: uids },
        models: [...ended.values()].map(({ model }) => model.uri),
      },
    });
    return uids;
  });
}

async function chosen(
  tx: ChangeTx,
  graph: Graph,
  project: ProjectId,
  plan: SlotPlan,
  one: Held | undefined,
  model: string | undefined,
): Promise<readonly Share[]> {
  if (one !== undefined) return plan.serving.filter(({ deployment }) => deployment === one.node);
  if (model === undefined) return plan.serving;
  const deployments = await loadDeployments(
    tx,
    graph,
    plan.serving.map(({ deployment }) => deployment),
    {},
  );
  const named = plan.serving.filter(({ deployment }) => deployments.get(deployment)?.model.uri === model);
  // A version that is deleted is named as it was.
  if (named.length > 0) return named;
  const { node } = await resolveModel(tx, graph, project, model, 'model');
  return plan.serving.filter(({ version }) => version === node);
}

async function isServedByRun(tx: ChangeTx, { id }: EndpointRow): Promise<boolean> {
  const row = await tx.one(sql`SELECT s.id FROM edge s WHERE s.target IN (${membersOf([id])})
    AND s.kind = ${edgeKinds.serves} AND s.face = ${faceCodes.openlineage} AND ${believed(undefined)} LIMIT 1`);
  return row !== undefined;
}

const sumOf = (shares: readonly Share[]): number => shares.reduce((sum, { percent }) => sum + percent, 0);

function touchedBy(endpoint: EndpointRow, { closed, opened }: SlotPlan): NodeId[] {
  return [
    endpoint.id,
    ...new Set([...closed, ...opened].flatMap(({ deployment, version }) => [deployment, version])),
  ];
}

/**
 * Takes what came last to a slot away again: beside others these have its share, alone what served before begins once
 * more. What was rolled back or failed before is not gone back to. Resolves to the uid of what was rolled back.
 */
export async function rollBack(
  graph: Graph,
  journal: Journal,
  context: RequestContext,
  project: ProjectId,
  input: RollBack,
): Promise<Uid> {
  const { slot = usualSlot, note } = input;
  checkSlot(slot);
  checkNote('note', note, deploymentLimits.note);
  const now = context.clock.now();
  const given = input.at === undefined ? undefined : pastInstant('at', input.at, now);
  return journal.write(context, project, 'deployment.roll-back', async (tx) => {
    const endpoint = await endpointNamed(tx, graph, project, input.endpoint, true);
    mustBeActive(endpoint);
    const plan = await planOf(tx, graph, endpoint, slot, given, now);
    await mustServe(tx, graph, project, plan.serving, input.expected, endpoint.name);
    if (plan.later.length > 0) {
      throw precondition('at', 'The slot has changed since: record what served then instead.');
    }
    const history = await slotShares(tx, graph, endpoint.id, slot, undefined);
    const began = (each: Share) => history.find(({ deployment }) => deployment === each.deployment)!.from;
    const [last, ...rest] = [...plan.serving].sort(
      (a, b) => began(b) - began(a) || b.deployment - a.deployment,
    );
    if (last === undefined) {
      throw precondition('endpoint', `Nothing serves at ${endpoint.name} in the slot ${slot}.`);
    }
    const stays = rest.filter(({ percent }) => percent > 0);
    const before = stays.length > 0 ? [] : servedBefore(history, last, began(last), plan.at);
    if (stays.length === 0 && before.length === 0) {
      throw precondition(
        'endpoint',
        `Nothing served at ${endpoint.name} in the slot ${slot} before that it could go back to.`,
      );
    }
    plan.end(last.deployment, 'rolled-back');
    if (stays.length > 0) plan.scale(stays, 100);
    const told = await factsOf(
      tx,
      graph,
      before.map(({ deployment }) => deployment),
    );
    const { uid } = (await loadDeployments(tx, graph, [last.deployment], {})).get(last.deployment)!;
    const first = before.length === 0 ? 0 : await graph.db.nextIds(before.length);
    const sum = sumOf(before);
    for (const [index, old] of before.entries()) {
      const node = (first + index) as NodeId;
      const percent = rounded(sum === 0 ? 100 / before.length : (old.percent * 100) / sum);
      plan.begin({ deployment: node, version: old.version, slot, percent, to: null });
      const facts = told.get(old.deployment) ?? new Map();
      const version = facts.get('version');
      await insertDeployment(tx, graph, context, endpoint, {
        ...{ node, slot, note, platform: facts.get('platform'), rolledBack: uid, at: plan.at },
        model: {
          ...{ asked: facts.get('asked') ?? '', uri: facts.get('model') ?? '', name: facts.get('name') },
          ...{ loggedModel: facts.get('loggedModel'), run: facts.get('run') },
          ...(version !== undefined && { version: Number(version) }),
        },
      });
    }
    await applyPlan(tx, graph, context, endpoint, plan);
    const model = (await factsOf(tx, graph, [last.deployment])).get(last.deployment)?.get('model');
    tx.record({
      node: last.deployment,
      touched: touchedBy(endpoint, plan),
      body: {
        ...{ endpoint: endpoint.name, slot, at: plan.at, deployment: uid, model, note },
        to: [...new Set(before.map(({ deployment }) => told.get(deployment)?.get('model')))],
      },
    });
    return uid;
  });
}

/** What served last of all that was there before the deployment began, all together, each as its last stretch. */
function servedBefore(history: readonly Share[], last: Share, began: number, at: number): Share[] {
  const known = [...Map.groupBy(history, ({ deployment }) => deployment).values()].map((own) => ({
    from: own[0]!.from,
    end: own.at(-1)!,
  }));
  const bad = known.filter(({ end }) => isBad(end.ending));
  const good = known.filter(
    ({ from, end }) =>
      // It may have gone on beside the other, which was rolled out little by little.
      from < began &&
      end.to !== null &&
      end.to <= at &&
      end.percent > 0 &&
      end.version !== last.version &&
      !isBad(end.ending) &&
      // Nor to what served well once and was found bad since.
      !bad.some((each) => each.end.version === end.version && each.end.to! > end.to!),
  );
  const latest = Math.max(0, ...good.map(({ end }) => end.to!));
  return good.map(({ end }) => end).filter(({ to }) => to === latest);
}

const isBad = (ending: Share['ending']): boolean => ending === 'rolled-back' || ending === 'failed';

/** What was recorded wrongly is believed no more, and told better; what was believed before stays known. */
export async function correctDeployment(
  graph: Graph,
  journal: Journal,
  context: RequestContext,
  project: ProjectId,
  uid: string,
  change: Correction,
): Promise<void> {
  const { started, ended, outcome, platform, note } = change;
  checkNote('note', note, deploymentLimits.note);
  checkPlatform(platform);
  const now = context.clock.now();
  const from = started === undefined ? undefined : pastInstant('started', started, now);
  const to = typeof ended === 'number' ? pastInstant('ended', ended, now) : ended;
  if (to === null && outcome !== undefined) throw invalid('outcome', 'What serves still has no outcome');
  await journal.write(context, project, 'deployment.correct', async (tx) => {
    const { node, endpoint, shares } = await holdDeployment(tx, graph, project, uid);
    const closed: Share[] = [];
    const opened: Share[] = [];
    const begins = from ?? shares[0]!.from;
    const last = shares.at(-1)!;
    const ends = to === undefined ? last.to : to;
    if (ends !== null && ends <= begins) {
      throw invalid(to === undefined ? 'started' : 'ended', 'A deployment must end after it began');
    }
    if (outcome !== undefined && ends === null) throw invalid('outcome', 'What serves still has no outcome');
    const kept = shares.filter(
      (share) => (share.to === null || share.to > begins) && (ends === null || share.from < ends),
    );
    // Where all of it lies elsewhere now, its last share is what it had.
    const stretches = kept.length === 0 ? [last] : kept;
    for (const share of shares) if (!stretches.includes(share)) closed.push(share);
    for (const [index, share] of stretches.entries()) {
      const isLast = index === stretches.length - 1;
      const next = {
        ...share,
        from: index === 0 ? begins : share.from,
        to: isLast ? ends : share.to,
        ending: isLast ? endingOf(share, ends, to, outcome) : share.ending,
      };
      if (next.from === share.from && next.to === share.to && next.ending === share.ending) continue;
      closed.push(share);
      opened.push(next);
    }
    await applyPlan(tx, graph, context, endpoint, { closed, opened });
    const text = platform === undefined ? undefined : platformText(platform);
    await putFacts(tx, graph, context, { node, project }, { platform: text, note });
    if (closed.length === 0 && text === undefined && note === undefined) return;
    tx.record({
      node,
      touched: [endpoint.id, last.version],
      body: { endpoint: endpoint.name, slot: last.slot, started: from, ended: to, outcome, platform, note },
    });
  });
}

function endingOf(
  share: Share,
  ends: number | null,
  told: number | null | undefined,
  outcome: Share['ending'] | undefined,
): Share['ending'] {
  if (ends === null) return null;
  if (outcome !== undefined) return outcome;
  if (told === undefined) return share.ending;
  return share.ending === null || share.ending === 'shared' ? 'retired' : share.ending;
}

/** It never was: believed no more. As known before, it stands. */
export async function retractDeployment(
  graph: Graph,
  journal: Journal,
  context: RequestContext,
  project: ProjectId,
  uid: string,
): Promise<void> {
  await journal.write(context, project, 'deployment.retract', async (tx) => {
    const { node, endpoint, shares } = await holdDeployment(tx, graph, project, uid);
    await applyPlan(tx, graph, context, endpoint, { closed: shares, opened: [] });
    await updateNode(tx, node, context.clock.now(), { deleted: 1 });
    const [first] = shares;
    tx.record({
      node,
      touched: [endpoint.id, first!.version],
      body: { endpoint: endpoint.name, slot: first!.slot, deployment: uid },
    });
  });
}

/** Nobody else says of it what its run says: the events of that, in any order, would not give the same any more. */
const decidedByRun = () =>
  precondition(
    'deployment',
    'A run of a job is this deployment: it begins and ends with the run, and its facet cairn_deployment says what it serves. Tell the end of the run (COMPLETE, ABORT or FAIL), or the facet again, with "_deleted": true to take it back.',
  );

/** The deployment as it is believed, its endpoint held until the transaction ends. */
async function holdDeployment(tx: ChangeTx, graph: Graph, project: ProjectId, uid: string): Promise<Held> {
  const row = uid.includes('\0')
    ? undefined
    : await tx.one<{ node: NodeId; endpoint: NodeId }>(sql`SELECT d.id AS node, m.target AS endpoint
        FROM node d JOIN edge m ON m.source = d.id AND m.kind = ${edgeKinds['member-of']}
        WHERE d.project = ${project} AND d.uid = ${uid} AND d.type = ${graph.types.deployment}`);
  if (row === undefined) throw notFound(`No deployment ${uid}.`, 'deployment');
  if ((await factsOf(tx, graph, [row.node])).get(row.node)?.has('jobRun')) throw decidedByRun();
  const endpoint = await tx.one<EndpointRow>(
    sql`SELECT ${endpointColumns} FROM node n WHERE n.id = ${row.endpoint} ${lockNodes(graph.db.dialect)}`,
  );
  // Asked after the endpoint is held: whoever held it before may have changed them.
  const shares = await sharesOf(tx, graph, [row.node], undefined);
  if (shares.length === 0) throw precondition('deployment', 'It was retracted: it never was.');
  return { node: row.node, uid: uid as Uid, endpoint: endpoint!, shares };
}

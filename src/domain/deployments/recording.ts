/** What was deployed is recorded: a slot is taken over, shared, or served beside the others. */
import { invalid } from '../../kernel/errors.ts';
import type { EdgeId, NodeId, ProjectId, Uid } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import type { ChangeTx, EventTx, Journal } from '../events/index.ts';
import { executionStates, type Graph, insertEdge, insertNode, putProperties } from '../graph/index.ts';
import {
  checkNote,
  checkPercent,
  checkSlot,
  deploymentLimits,
  type NewDeployment,
  type Others,
  pastInstant,
  precondition,
  type Share,
  usualSlot,
} from './deployment.ts';
import { applyPlan, facts, factsOf, slotShares, uidOf } from './deployment-store.ts';
import { type EndpointRow, ensureEndpoint } from './endpoint-store.ts';
import { mustServe } from './expectation.ts';
import { type ResolvedModel, resolveModel } from './model-reference.ts';
import { checkPlatform, platformText } from './platform.ts';
import { SlotPlan } from './slot-plan.ts';

/** Resolves to the uid of the deployment: the new one, or the one that says the same already. */
export async function recordDeployment(
  graph: Graph,
  journal: Journal,
  context: RequestContext,
  project: ProjectId,
  input: NewDeployment,
): Promise<Uid> {
  const { slot = usualSlot, traffic, note, platform } = input;
  checkSlot(slot);
  checkPercent('traffic', traffic);
  checkNote('note', note, deploymentLimits.note);
  checkPlatform(platform);
  const now = context.clock.now();
  const given = input.at === undefined ? undefined : pastInstant('at', input.at, now);
  const ended = input.ended === undefined ? undefined : pastInstant('ended', input.ended, now);
  const percent = traffic ?? 100;
  const others = input.others ?? (ended !== undefined ? 'keep' : percent < 100 ? 'share' : 'end');
  if (ended !== undefined && given === undefined) throw invalid('at', 'at is required beside ended');
  return journal.write(context, project, 'deployment.record', async (tx) => {
    const endpoint = await ensureEndpoint(tx, graph, context, project, input.endpoint);
    const model = await resolveModel(tx, graph, project, input.model, 'model');
    const plan = await planOf(tx, graph, endpoint, slot, given, now);
    await mustServe(tx, graph, project, plan.serving, input.expected, endpoint.name);
    if (ended !== undefined && ended <= plan.at) throw invalid('ended', 'ended must be after at');
    const same = plan.serving.find(({ version }) => version === model.node);
    const text = platform === undefined ? undefined : platformText(platform);
    const goesOn = same !== undefined && (await hasPlatform(tx, graph, same, text));
    if (same !== undefined && ended !== undefined && same.to !== ended) {
      throw precondition('model', `${model.uri} serves there at that time already: correct that deployment.`);
    }
    const ending = goesOn ? undefined : (ended ?? (others === 'keep' ? undefined : plan.untilNext()));
    giveWay(plan, goesOn ? same.deployment : undefined, percent, others);
    if (!goesOn && plan.serving.length >= deploymentLimits.together && others !== 'end') {
      throw precondition(
        'others',
        `More than ${deploymentLimits.together} would serve in the slot together.`,
      );
    }
    const node = goesOn ? same.deployment : ((await graph.db.nextIds(1)) as NodeId);
    const touched = plan.serving.map(({ deployment }) => deployment).filter((each) => each !== node);
    if (goesOn) {
      if (same.percent !== percent) plan.share(node, percent);
      if (plan.opened.length === 0 && plan.closed.length === 0) return uidOf(tx, node);
    } else {
      const to = ending ?? null;
      const how = ended === undefined ? 'replaced' : 'retired';
      plan.begin({
        deployment: node,
        version: model.node,
        slot,
        percent,
        to,
        ending: to === null ? null : how,
      });
    }
    const uid = goesOn
      ? await uidOf(tx, node)
      : await insertDeployment(tx, graph, context, endpoint, {
          node,
          slot,
          model,
          platform: text,
          note,
          at: plan.at,
        });
    await applyPlan(tx, graph, context, endpoint, plan);
    tx.record({
      node,
      touched: [endpoint.id, model.node, ...touched],
      body: {
        ...{ deployment: uid, endpoint: endpoint.name, slot, asked: model.asked, model: model.uri },
        ...{ at: plan.at, traffic: percent, others, platform: platform?.kind, note },
        ...(ending !== undefined && { ended: ending }),
        ...(endpoint.made && { made: true }),
        ...(goesOn && { changed: true }),
      },
      isFirst: !goesOn,
    });
    return uid;
  });
}

/** What a slot has at an instant; unless that is given, now, and after everything that is believed of the slot. */
export async function planOf(
  tx: ChangeTx,
  graph: Graph,
  endpoint: Pick<EndpointRow, 'id'>,
  slot: string,
  given: number | undefined,
  now: number,
): Promise<SlotPlan> {
  // A clock that was set back, or that is asked twice in a ms, must not let a thing end before or when it began.
  if (given !== undefined && given < now) {
    return new SlotPlan(await slotShares(tx, graph, endpoint.id, slot, given), given);
  }
  const rows = await slotShares(tx, graph, endpoint.id, slot, now - 1);
  const at = Math.max(now, ...rows.map(({ from, to }) => Math.max(from + 1, to ?? 0)));
  return new SlotPlan(
    rows.filter(({ to }) => to === null || to > at),
    at,
  );
}

/** What becomes of those that serve beside the one that is recorded. */
function giveWay(plan: SlotPlan, own: NodeId | undefined, percent: number, others: Others): void {
  const beside = plan.serving.filter(({ deployment }) => deployment !== own);
  if (others === 'keep') return;
  if (others === 'end') {
    for (const { deployment } of beside) plan.end(deployment, 'replaced');
    return;
  }
  const again = plan.later.find(({ deployment }) => beside.some((each) => each.deployment === deployment));
  if (again !== undefined) {
    throw precondition(
      'at',
      `Shares of the slot have changed since, at ${new Date(again.from).toISOString()}: record with others=keep.`,
    );
  }
  plan.scale(beside, 100 - percent);
}

/** Whether the deployment runs on the platform that is told; one that is not told is any. */
async function hasPlatform(
  tx: ChangeTx,
  graph: Graph,
  { deployment }: Share,
  text: string | undefined,
): Promise<boolean> {
  if (text === undefined) return true;
  return (await factsOf(tx, graph, [deployment])).get(deployment)?.get('platform') === text;
}

export interface NewDeploymentNode {
  readonly node: NodeId;
  readonly slot: string;
  readonly model: Omit<ResolvedModel, 'node'>;
  /** As JSON. */
  readonly platform: string | undefined;
  readonly note: string | undefined;
  readonly rolledBack?: string;
  /** ms */
  readonly at: number;
}

export async function insertDeployment(
  tx: ChangeTx,
  graph: Graph,
  context: RequestContext,
  endpoint: EndpointRow,
  { node, slot, model, platform, note, rolledBack, at }: NewDeploymentNode,
): Promise<Uid> {
  const { project } = endpoint;
  const uid = context.newUid();
  const now = context.clock.now();
  await insertNode(tx, {
    ...{ id: node, uid, project, context: project as number as NodeId },
    kind: 'execution',
    type: graph.types.deployment,
    name: endpoint.name,
    state: executionStates.running,
    uri: model.uri,
    created: now,
    started: at,
    ended: null,
    mark: 0,
  });
  await insertEdge(tx, context, {
    id: (await graph.db.nextIds(1)) as EdgeId,
    ...{ project, source: node, target: endpoint.id, kind: 'member-of', sourceSlot: slot },
    ...{ known: 'declared', validFrom: at, event: tx.eventId },
  });
  const texts = {
    ...{
      asked: model.asked,
      model: model.uri,
      name: model.name,
      loggedModel: model.loggedModel,
      run: model.run,
    },
    ...{
      version: model.version === undefined ? undefined : String(model.version),
      platform,
      note,
      rolledBack,
    },
  };
  await putFacts(tx, graph, context, { node, project }, texts);
  return uid;
}

/** Texts that are undefined are left as they are. */
export async function putFacts(
  tx: EventTx,
  graph: Graph,
  context: RequestContext,
  { node, project }: { readonly node: NodeId; readonly project: ProjectId },
  texts: { readonly [Name in keyof typeof facts]?: string | undefined },
): Promise<void> {
  const told = Object.entries(texts).flatMap(([name, value]) =>
    value === undefined ? [] : [[facts[name as keyof typeof facts], value] as const],
  );
  if (told.length === 0) return;
  const keys = await graph.keys.resolve(
    tx,
    told.map(([key]) => key),
  );
  await putProperties(
    tx,
    { id: node, project, context: project as number as NodeId },
    'declared',
    context.face,
    new Map(told.map(([key, value]) => [keys.get(key)!, { kind: 'text', value }])),
  );
}

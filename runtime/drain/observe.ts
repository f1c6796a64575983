import type { BudgetFacts, Kubernetes, NodeFacts, PodFacts } from "../ports/index.js";

import { isStopping, type DrainContext } from "./context.js";
import { cordonNodes } from "./cordon.js";
import { askForInstances, endOf } from "./instances.js";
import { eachAtMost } from "./parallel.js";
import { daemonSetOf } from "./pod-kind.js";
import { SETTLE_MS } from "./record-nodes.js";
import { readVolumesIfDue, type VolumeLook } from "./read-volumes.js";
import { isHeldByBudget, stillStanding, takeCensus, type DrainState, type Targets } from "./state.js";

/** While budgets hold pods they are read again this often, to see when they let go. */
const BUDGETS_AGAIN_MS = 2000;
/** While pods stand that have not begun to leave, nodes are read this often: a drain of minutes ends by none of these looks. */
const NODES_AGAIN_MS = 5000;
const DAEMON_SETS_AT_ONCE = 5;

/** One look at the cluster: the target nodes, cordoned, and what runs on them. */
export interface Look {
  /** When the pods were asked for: facts are at least as new as this. */
  readonly listedAt: number;
  readonly nodes: readonly { readonly facts: NodeFacts; readonly cordonedAt: number }[];
  readonly pods: readonly PodFacts[];
  /** Null when they were not read this time. */
  readonly budgets: readonly BudgetFacts[] | null;
  /** Null when they were not read this time. */
  readonly volumes: VolumeLook | null;
}

/**
 * Lists the nodes, cordons targets that are not, and only then lists the pods: nothing is evicted before every
 * target is closed to newcomers (safe-cycle 16, 20). Null when the drain is stopping.
 */
export async function observe(context: DrainContext): Promise<Look | null> {
  const { ports, state, request } = context;
  const { kubernetes, clock } = ports;
  const closed = areNodesDue(state, clock.now()) ? await closeTargets(context) : state.targets;
  if (closed === null || isStopping(context)) return null;
  const { present, changed } = closed;
  const listedAt = clock.now();
  const [pods, budgets] = await Promise.all([
    listPods(kubernetes, present),
    areBudgetsDue(state, listedAt) ? kubernetes.listBudgets() : null,
  ]);
  await askForDaemonSets(pods, state.daemonSets, kubernetes);
  const volumes = await readVolumesIfDue(pods, context);
  // Only now: a look that fails half way must not hide which cordons are new.
  state.targets = { ...closed, changed: NONE };
  const nodes = present.map((facts) => {
    if (changed.has(facts.name)) return { facts, cordonedAt: listedAt };
    const firstSeenAt = request.settledCordons?.has(facts.name) === true ? listedAt - SETTLE_MS : listedAt;
    return { facts, cordonedAt: state.nodes.get(facts.name)?.cordonedAt ?? firstSeenAt };
  });
  return { listedAt, nodes, pods, budgets, volumes };
}

const NONE: ReadonlySet<string> = new Set();

/** A drain never ends by nodes read earlier: once every pod is on its way they are read in every look. */
function areNodesDue(state: DrainState, now: number): boolean {
  return now - state.targets.readAt >= NODES_AGAIN_MS || stillStanding(takeCensus(state, now)).length === 0;
}

/** Fargate nodes are never among them (safe-cycle 14). */
async function closeTargets(context: DrainContext): Promise<Targets | null> {
  const { request, ports, state } = context;
  const readAt = ports.clock.now();
  const targets = (await ports.kubernetes.listNodes()).filter((node) => !node.isFargate && request.isTarget(node));
  if (isStopping(context)) return null;
  await askForInstances(targets, context);
  if (isStopping(context)) return null;
  // Nothing lands on a node whose instance is terminated, and its Node is about to go.
  const lasting = targets.filter((node) => endOf(node, state.instances) !== "terminated");
  const { changed, gone } = await cordonNodes(lasting, context);
  return { readAt, present: targets.filter(({ name }) => !gone.has(name)), changed };
}

async function listPods(kubernetes: Kubernetes, nodes: readonly NodeFacts[]): Promise<readonly PodFacts[]> {
  return nodes.length === 0 ? [] : kubernetes.listPods(nodes.map(({ name }) => name));
}

function areBudgetsDue(state: DrainState, now: number): boolean {
  if (state.budgetsReadAt === Number.NEGATIVE_INFINITY) return true;
  if (now - state.budgetsReadAt < BUDGETS_AGAIN_MS) return false;
  return [...state.records.values()].some((record) => record.goneAt === null && isHeldByBudget(record));
}

/** Asks once per DaemonSet whether it exists; the answers are added to `known` (safe-cycle 5). */
export async function askForDaemonSets(
  pods: readonly PodFacts[],
  known: Map<string, boolean>,
  kubernetes: Kubernetes,
): Promise<void> {
  const owned = pods.filter((pod) => {
    const id = daemonSetOf(pod);
    return id !== null && !known.has(id);
  });
  const unknown = Map.groupBy(owned, (pod) => daemonSetOf(pod));
  await eachAtMost(DAEMON_SETS_AT_ONCE, [...unknown], async ([id, [pod]]) => {
    if (id === null || !pod?.controller) return;
    known.set(id, await kubernetes.daemonSetExists(pod.namespace, pod.controller.name));
  });
}

/** The DaemonSets that were asked for and do not exist. */
export function orphanedDaemonSets(known: ReadonlyMap<string, boolean>): ReadonlySet<string> {
  return new Set([...known].filter(([, exists]) => !exists).map(([id]) => id));
}

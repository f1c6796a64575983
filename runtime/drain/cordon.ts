import { LOAD_BALANCER_EXCLUSION_LABEL, type NodeChange, type NodeFacts } from "../ports/index.js";

import { isStopping, type DrainContext } from "./context.js";
import { eachAtMost } from "./parallel.js";
import type { DrainPorts } from "./request.js";

const AT_ONCE = 10;

/** One node and what it lacks. */
interface Cordon {
  readonly node: NodeFacts;
  readonly change: NodeChange;
  readonly isOurs: boolean;
}

/** Names of nodes whose cordon was set now, and of those that no longer exist. */
export interface Cordoned {
  readonly changed: ReadonlySet<string>;
  readonly gone: ReadonlySet<string>;
}

/**
 * Cordons the nodes that are not, and takes them out of load balancers (safe-cycle 16-19); nodes that have both
 * cost no request. Our own are noted durably first. A node that somebody else cordoned keeps its load balancers:
 * an undo could not tell whose exclusion it was.
 */
export async function cordonNodes(nodes: readonly NodeFacts[], context: DrainContext): Promise<Cordoned> {
  const { ports, state } = context;
  const needed = nodes.map((node) => planCordon(node, context)).filter((cordon) => cordon !== null);
  await announce(needed, context);
  const changed = new Set<string>();
  const gone = new Set<string>();
  await eachAtMost(AT_ONCE, needed, async ({ node, change }) => {
    if (isStopping(context)) return;
    state.counters.cordons += 1;
    const answer = await ports.kubernetes.patchNode(node.name, change);
    if (answer === "gone") gone.add(node.name);
    else if (change.unschedulable === true) changed.add(node.name);
  });
  return { changed, gone };
}

/** What a node lacks; null when nothing. Ours is a cordon that an undo takes back. */
function planCordon(node: NodeFacts, { request, state }: DrainContext): Cordon | null {
  const isFresh = !node.isUnschedulable && !request.cordonedBefore.has(node.name);
  const isOurs = isFresh || state.ownCordons.has(node.name);
  const needsExclusion = isOurs && !isExcluded(node);
  if (node.isUnschedulable && !needsExclusion) return null;
  const change: NodeChange = {
    ...(node.isUnschedulable ? {} : { unschedulable: true }),
    ...(needsExclusion ? { excludeFromLoadBalancers: true } : {}),
  };
  return { node, change, isOurs };
}

async function announce(cordons: readonly Cordon[], { hooks, state }: DrainContext): Promise<void> {
  const unnoted = cordons
    .filter(({ node, isOurs }) => isOurs && !state.ownCordons.has(node.name))
    .map(({ node }) => node);
  if (unnoted.length === 0) return;
  const alreadyExcluded = unnoted.filter(isExcluded);
  await hooks.beforeCordon(unnoted.map(nameOf), alreadyExcluded.map(nameOf));
  for (const { name } of unnoted) state.ownCordons.add(name);
}

function nameOf({ name }: NodeFacts): string {
  return name;
}

function isExcluded(node: NodeFacts): boolean {
  return node.labels[LOAD_BALANCER_EXCLUSION_LABEL] !== undefined;
}

/** What an undo must not touch. */
export interface UncordonOptions {
  /** Nodes that load balancers left out before us (see `beforeCordon`). */
  readonly keepExcluded?: ReadonlySet<string>;
}

/**
 * Takes back our cordons and load balancer exclusions on `names`, as far as it can: one node's failure does not
 * stop the others (safe-cycle 68). Gives back the names of those that stay cordoned, sorted; a node that no longer
 * exists is not one. Never throws. Calling twice is safe.
 */
export async function uncordon(
  names: readonly string[],
  { kubernetes }: Pick<DrainPorts, "kubernetes">,
  { keepExcluded = new Set() }: UncordonOptions = {},
): Promise<readonly string[]> {
  const left: string[] = [];
  await eachAtMost(AT_ONCE, names, async (name) => {
    const change = keepExcluded.has(name)
      ? { unschedulable: false }
      : { unschedulable: false, excludeFromLoadBalancers: false };
    try {
      await kubernetes.patchNode(name, change);
    } catch {
      left.push(name);
    }
  });
  return left.sort();
}

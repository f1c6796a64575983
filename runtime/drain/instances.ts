import { failureInfo, isFailure, type InstanceState, type NodeFacts } from "../ports/index.js";

import type { DrainContext } from "./context.js";

/** What is known of the instance behind a node that is not Ready. */
export interface InstanceSighting {
  /** `unknown`: it could not be learnt; then it counts as running. */
  readonly state: InstanceState | "unknown";
  readonly askedAt: number;
}

/** By instance id. */
export type InstanceSightings = ReadonlyMap<string, InstanceSighting>;

/** EC2 is asked again this often about an instance that may still run. */
const ASK_AGAIN_MS = 10_000;

/**
 * Asks EC2 about the instances of nodes that are not Ready (safe-cycle 53-55); no call while all are. What ended stays
 * so and is not asked again; what EC2 does not tell counts as unknown and never ends the drain.
 */
export async function askForInstances(nodes: readonly NodeFacts[], context: DrainContext): Promise<void> {
  const { state, request, ports } = context;
  const now = ports.clock.now();
  const due = nodes.flatMap(({ ready, instanceId }) =>
    ready !== "True" && instanceId !== null && isDue(state.instances.get(instanceId), now) ? [instanceId] : [],
  );
  if (due.length === 0 || request.instanceStates === undefined) return;
  const states = await askQuietly(() => request.instanceStates?.(due), context);
  const seen = due.map((id) => [id, { state: states?.get(id) ?? "unknown", askedAt: now }] as const);
  state.instances = new Map([...state.instances, ...seen]);
}

function isDue(known: InstanceSighting | undefined, now: number): boolean {
  return known === undefined || (known.state !== "terminated" && now >= known.askedAt + ASK_AGAIN_MS);
}

/** A role that may not ask EC2 drains all the same, only without proof. */
async function askQuietly<Answer>(
  ask: () => Promise<Answer> | undefined,
  { state }: DrainContext,
): Promise<Answer | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (!isFailure(error)) throw error;
    state.instanceProblem = failureInfo(error).message;
    return undefined;
  }
}

/** Why nothing runs on a node any more. */
export type End = Extract<InstanceState, "stopped" | "terminated">;

/** The proof that nothing runs on the node: it is not Ready and EC2 says that its instance has ended; null without it (safe-cycle 54). */
export function endOf({ ready, instanceId }: NodeFacts, instances: InstanceSightings): End | null {
  if (ready === "True" || instanceId === null) return null;
  const state = instances.get(instanceId)?.state;
  return state === "stopped" || state === "terminated" ? state : null;
}

/** Why the end of its pods is confirmed by nobody; null for a node that is Ready. */
export function silenceOf({ name, ready, instanceId }: NodeFacts, instances: InstanceSightings): string | null {
  if (ready === "True") return null;
  const node = `node ${name} is ${ready === "False" ? "NotReady" : "Unknown"}`;
  const state = instanceId === null ? undefined : instances.get(instanceId)?.state;
  if (state === undefined) return node;
  return state === "unknown"
    ? `${node} and nobody tells whether instance ${instanceId} still runs`
    : `${node}, instance ${instanceId} ${isUp(state) ? "still running" : state}`;
}

/** The silent ones among nodes, by name, each in words. */
export function silentNodes(
  nodes: Iterable<{ readonly facts: NodeFacts }>,
  instances: InstanceSightings,
): ReadonlyMap<string, string> {
  const silent = new Map<string, string>();
  for (const { facts } of nodes) {
    const words = silenceOf(facts, instances);
    if (words !== null) silent.set(facts.name, words);
  }
  return silent;
}

function isUp(state: InstanceState): boolean {
  return state === "pending" || state === "running";
}

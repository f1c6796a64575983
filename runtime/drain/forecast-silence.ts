import { isFailure, type Capacity, type NodeFacts, type PodFacts } from "../ports/index.js";

import { endOf, silenceOf, type End, type InstanceSightings } from "./instances.js";
import { podId } from "./pod-kind.js";
import { few, plural } from "./wording.js";

/** A node whose kubelet confirms nothing (safe-cycle 53). */
export interface SilentNode {
  readonly node: string;
  /** What is known of it, in words. */
  readonly state: string;
  /** Why nothing runs there any more; null without proof. */
  readonly end: End | null;
  /** Pods that are to leave it, `namespace/name`. */
  readonly pods: readonly string[];
}

/**
 * What EC2 says of the instances of nodes that are not Ready, asked once; no call while all are. What it does not tell
 * counts as unknown, as in the drain itself.
 */
export async function sightInstances(
  nodes: readonly NodeFacts[],
  instanceStates: Capacity["instanceStates"] | undefined,
  now: number,
): Promise<InstanceSightings> {
  const ids = nodes.flatMap(({ ready, instanceId }) => (ready !== "True" && instanceId !== null ? [instanceId] : []));
  if (ids.length === 0 || instanceStates === undefined) return new Map();
  const states = await instanceStates(ids).catch((error: unknown) => {
    if (!isFailure(error)) throw error;
    return undefined;
  });
  return new Map(ids.map((id) => [id, { state: states?.get(id) ?? "unknown", askedAt: now }] as const));
}

/** The silent ones among nodes, with the pods that are to leave them; sorted as the nodes are. */
export function findSilentNodes(
  nodes: readonly NodeFacts[],
  sightings: InstanceSightings,
  leaving: readonly PodFacts[],
): readonly SilentNode[] {
  return nodes.flatMap((node) => {
    const state = silenceOf(node, sightings);
    if (state === null) return [];
    const pods = leaving.filter(({ nodeName }) => nodeName === node.name).map(podId);
    return [{ node: node.name, state, end: endOf(node, sightings), pods }];
  });
}

/** What a drain will do there, in a sentence (safe-cycle 53-55). */
export function describeSilence({ state, end, pods }: SilentNode): string {
  const words = state.charAt(0).toUpperCase() + state.slice(1);
  if (end !== null) {
    const objects = pods.length === 0 ? "" : ` and the objects of its ${plural(pods.length, "pod")} are removed`;
    return `${words}: nothing runs there, so it is not waited for${objects}.`;
  }
  if (pods.length === 0) return `${words}: no pod has to leave it.`;
  return `${words}: its kubelet cannot confirm that ${few(pods)} ended, so the drain waits for it until its deadline and then gives up.`;
}

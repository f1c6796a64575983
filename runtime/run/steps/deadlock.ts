import {
  asksForNodes,
  EVENTS,
  FAILED_CREATE,
  findDeadlocks,
  groupOf,
  PERSISTENT_VOLUME_CLAIMS,
  PERSISTENT_VOLUMES,
  PODS,
  readFailedCreates,
  readUnscheduled,
  surveyOf,
  waitsForZone,
  type Deadlock,
  type FailedCreate,
  type GroupZones,
} from "../../cycle/index.js";
import type { ListOptions, NodeFacts, ResourceType } from "../../ports/index.js";
import type { StepContext } from "../context.js";
import { takeSurvey } from "../survey.js";

const ZONE_LABEL = "topology.kubernetes.io/zone";

/** What was found, and whose controllers may be waiting out a failure that is over. */
export interface Findings {
  readonly deadlocks: readonly Deadlock[];
  readonly failedCreates: readonly FailedCreate[];
}

/**
 * Asks the cluster why something does not start (safe-cycle W10): two lists; nodes and volumes only when a pod waits for
 * one. Reads only; what Curfew may not read is no evidence.
 */
export async function detectDeadlocks(context: StepContext): Promise<Findings> {
  const failedCreates = await detectFailedCreates(context);
  const unscheduled = readUnscheduled(await list(PODS, { fieldSelector: "status.phase=Pending" }, context));
  const volumes = unscheduled.some(waitsForZone)
    ? await takeSurvey([PERSISTENT_VOLUME_CLAIMS, PERSISTENT_VOLUMES], context.kubernetes)
    : surveyOf([]);
  const nodes = unscheduled.some(asksForNodes) ? await context.kubernetes.listNodes() : [];
  const groups = unscheduled.some(waitsForZone) ? await zonesOfGroups(nodes, context) : [];
  const taints = nodes.flatMap((node) => node.taints.map(({ key, value }) => `${key}: ${value}`));
  const deadlocks = findDeadlocks({ failedCreates, unscheduled, volumes, groups, taints: [...new Set(taints)] });
  return { deadlocks, failedCreates };
}

/** The controllers that lately could not create a pod. One list. */
export async function detectFailedCreates(context: StepContext): Promise<readonly FailedCreate[]> {
  const events = await list(EVENTS, { fieldSelector: `reason=${FAILED_CREATE}` }, context);
  return readFailedCreates(events, context.clock.now());
}

async function list(type: ResourceType, options: ListOptions, { kubernetes }: StepContext) {
  const answer = await kubernetes.objects.list(type, options);
  return answer.kind === "listed" ? answer.items : [];
}

async function zonesOfGroups(
  nodes: readonly NodeFacts[],
  { capacity, observation, snapshot }: StepContext,
): Promise<readonly GroupZones[]> {
  const { groups } = observation;
  const ready = nodes.filter((node) => node.ready === "True");
  const instances = await capacity.readInstances(groups);
  const zonesOf = (id: string | undefined) =>
    ready.filter((node) => groupOf(node, groups, instances) === id).flatMap(({ labels }) => labels[ZONE_LABEL] ?? []);
  const saved = new Map(snapshot?.groups.map((group) => [group.id, group.zones]));
  const ours = groups.map(({ id }) => ({ id, saved: saved.get(id) ?? {}, live: zonesOf(id) }));
  // Nodes of nobody's can mount the volume as well.
  return [...ours, { id: "other nodes", saved: {}, live: zonesOf(undefined) }];
}

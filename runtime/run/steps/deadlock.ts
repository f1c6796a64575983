import {
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
  type Deadlock,
  type FailedCreate,
  type GroupZones,
} from "../../cycle/index.js";
import type { ListOptions, ResourceType } from "../../ports/index.js";
import type { StepContext } from "../context.js";
import { takeSurvey } from "../survey.js";

const ZONE_LABEL = "topology.kubernetes.io/zone";

/** What was found, and whose controllers may be waiting out a failure that is over. */
export interface Findings {
  readonly deadlocks: readonly Deadlock[];
  readonly failedCreates: readonly FailedCreate[];
}

/**
 * Asks the cluster why something does not start (safe-cycle W10): two lists, volumes and nodes only when a pod waits for a
 * volume. Reads only; what Curfew may not read is no evidence.
 */
export async function detectDeadlocks(context: StepContext): Promise<Findings> {
  const failedCreates = await detectFailedCreates(context);
  const unscheduled = readUnscheduled(await list(PODS, { fieldSelector: "status.phase=Pending" }, context));
  const waitForVolumes = unscheduled.some(({ message }) => message.includes("volume node affinity conflict"));
  const volumes = waitForVolumes
    ? await takeSurvey([PERSISTENT_VOLUME_CLAIMS, PERSISTENT_VOLUMES], context.kubernetes)
    : surveyOf([]);
  const groups = waitForVolumes ? await zonesOfGroups(context) : [];
  return { deadlocks: findDeadlocks({ failedCreates, unscheduled, volumes, groups }), failedCreates };
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

async function zonesOfGroups({ kubernetes, capacity, observation, snapshot }: StepContext): Promise<readonly GroupZones[]> {
  const { groups } = observation;
  const nodes = (await kubernetes.listNodes()).filter(({ ready }) => ready === "True");
  const instances = await capacity.readInstances(groups);
  const zonesOf = (id: string | undefined) =>
    nodes.filter((node) => groupOf(node, groups, instances) === id).flatMap(({ labels }) => labels[ZONE_LABEL] ?? []);
  const saved = new Map(snapshot?.groups.map((group) => [group.id, group.zones]));
  const ours = groups.map(({ id }) => ({ id, saved: saved.get(id) ?? {}, live: zonesOf(id) }));
  // Nodes of nobody's can mount the volume as well.
  return [...ours, { id: "other nodes", saved: {}, live: zonesOf(undefined) }];
}

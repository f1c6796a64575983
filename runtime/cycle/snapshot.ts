import * as z from "zod";

import type { GroupInstances, NodeFacts, NodeGroup, NodeTaint, PodFacts } from "../ports/index.js";
import { Failure } from "../ports/index.js";
import { groupOf } from "./observation.js";
import { shapeOfNodes } from "./node-shape.js";
import { controllerId } from "./controller-id.js";

const sizeSchema = z.strictObject({
  min: z.number().int().min(0),
  desired: z.number().int().min(0),
  max: z.number().int().min(0),
});

const taintSchema = z.strictObject({ key: z.string(), value: z.string(), effect: z.string() });

/** One node of a group, for the arithmetic of the next wake (safe-cycle W6). */
const shapeSchema = z.strictObject({
  room: z.strictObject({ cpuMillis: z.number(), memoryBytes: z.number(), pods: z.number() }),
  labels: z.record(z.string(), z.string()),
  taints: z.array(taintSchema),
});

const groupSchema = z.strictObject({
  id: z.string(),
  kind: z.enum(["managed", "self-managed"]),
  name: z.string(),
  autoScalingGroup: z.string(),
  size: sizeSchema,
  /** Instances per zone, so that a wake in other zones can be noticed (safe-cycle W11). */
  zones: z.record(z.string(), z.number()),
  suspendedProcesses: z.array(z.string()),
  protectedInstances: z.array(z.string()),
  /** Null when it had no node, or was saved before this was recorded. */
  node: shapeSchema.nullable().default(null),
});

const markedNodeSchema = z.strictObject({
  node: z.string(),
  labels: z.record(z.string(), z.string()),
  taints: z.array(taintSchema),
});

/** The restore snapshot, version 1. Readers of a later version must still accept it. */
const snapshotSchema = z.strictObject({
  version: z.literal(1),
  clusterArn: z.string(),
  savedAt: z.number(),
  groups: z.array(groupSchema),
  /** Nodes that somebody had cordoned before Curfew came (safe-cycle 18). */
  cordonedNodes: z.array(z.string()),
  /** Pods that nothing recreates: lost with the night, listed so that they are missed (safe-cycle 8, H3). */
  unmanagedPods: z.array(z.string()),
  /** Nodes with labels or taints of their own: new instances come back without them (safe-cycle H3). */
  markedNodes: z.array(markedNodeSchema),
  /** Controllers, as `Kind namespace/name`, with a pod that was not ready: a wake does not wait for what was broken before. */
  unreadyOwners: z.array(z.string()).default([]),
});

/** Facts saved before the first mutation, so that a wake can undo the sleep (safe-cycle H2, H3). Never changed after it is stored. */
export type Snapshot = z.output<typeof snapshotSchema>;
/** One node group as it was before the sleep. */
export type SavedGroup = z.output<typeof groupSchema>;

/** What a snapshot is made from: all read within one observation. */
export interface SnapshotFacts {
  readonly clusterArn: string;
  readonly groups: readonly NodeGroup[];
  readonly instances: readonly GroupInstances[];
  readonly nodes: readonly NodeFacts[];
  readonly pods: readonly PodFacts[];
}

/** Builds the snapshot; pure, so the same facts always give the same record. */
export function takeSnapshot(facts: SnapshotFacts, savedAt: number): Snapshot {
  const byGroup = new Map(facts.instances.map((seen) => [seen.groupId, seen]));
  return {
    version: 1,
    clusterArn: facts.clusterArn,
    savedAt,
    groups: facts.groups.map((group) => saveGroup(group, byGroup.get(group.id), nodesOf(group, facts))),
    cordonedNodes: facts.nodes.filter((node) => node.isUnschedulable).map((node) => node.name),
    unmanagedPods: facts.pods.filter(isUnmanaged).map((pod) => `${pod.namespace}/${pod.name}`),
    markedNodes: facts.nodes.map(markNode).filter((marks) => marks !== null),
    unreadyOwners: [...new Set(facts.pods.filter(isBroken).flatMap(ownerOf))].sort(),
  };
}

function nodesOf({ id }: NodeGroup, { groups, instances, nodes }: SnapshotFacts): readonly NodeFacts[] {
  return nodes.filter((node) => groupOf(node, groups, instances) === id);
}

function isBroken({ isReady, phase, deletionAt }: PodFacts): boolean {
  return !isReady && phase !== "Succeeded" && deletionAt === null;
}

function ownerOf({ namespace, controller }: PodFacts): readonly string[] {
  return controller === null ? [] : [controllerId({ ...controller, namespace })];
}

/** JSON text for the store. */
export function serialiseSnapshot(snapshot: Snapshot): string {
  return JSON.stringify(snapshot);
}

/**
 * Reads a stored snapshot. Throws `Failure` snapshot-unreadable for text it does not understand and
 * snapshot-mismatch for another cluster's: both stop a run, neither is repaired (safe-cycle W1).
 */
export function parseSnapshot(text: string, clusterArn: string): Snapshot {
  const snapshot = readSnapshot(text);
  if (snapshot.clusterArn === clusterArn) return snapshot;
  throw new Failure({
    code: "snapshot-mismatch",
    message: `The restore snapshot belongs to ${snapshot.clusterArn}, the cluster is ${clusterArn}.`,
    remedy:
      "A cluster of the same name was made anew: retire the old record with `curfew wake NAME --min-nodes N --forget`, then set its sizes.",
  });
}

function readSnapshot(text: string): Snapshot {
  try {
    return snapshotSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Failure(
      {
        code: "snapshot-unreadable",
        message: "The restore snapshot cannot be read, so the sizes to restore are unknown.",
        remedy:
          "Nothing was changed. Use the Curfew version that wrote it, or give sizes yourself with `curfew wake NAME --min-nodes N --forget`.",
      },
      { cause },
    );
  }
}

function saveGroup(group: NodeGroup, seen: GroupInstances | undefined, nodes: readonly NodeFacts[]): SavedGroup {
  const instances = seen?.instances ?? [];
  const zones: Record<string, number> = {};
  for (const { zone } of instances) zones[zone] = (zones[zone] ?? 0) + 1;
  return {
    id: group.id,
    kind: group.kind,
    name: group.name,
    autoScalingGroup: group.autoScalingGroup,
    size: { ...group.size },
    zones,
    suspendedProcesses: [...(seen?.suspendedProcesses ?? [])],
    protectedInstances: instances.filter((i) => i.isProtectedFromScaleIn).map((i) => i.id),
    node: shapeOfNodes(nodes),
  };
}

function isUnmanaged(pod: PodFacts): boolean {
  const isFinished = pod.phase === "Succeeded" || pod.phase === "Failed";
  return pod.controller === null && !pod.isMirror && !pod.isFargate && !isFinished;
}

/** Labels and taints that kubelet, EKS and the cloud controller put on every node by themselves. */
const MACHINE_MADE = /^(?:(?:[\w-]+\.)*(?:kubernetes\.io|k8s\.io|eks\.amazonaws\.com|k8s\.aws)\/|karpenter\.)/;

function markNode(node: NodeFacts): Snapshot["markedNodes"][number] | null {
  const labels = Object.fromEntries(Object.entries(node.labels).filter(([key]) => !MACHINE_MADE.test(key)));
  const taints: NodeTaint[] = node.taints.filter(({ key }) => !MACHINE_MADE.test(key));
  if (Object.keys(labels).length === 0 && taints.length === 0) return null;
  return { node: node.name, labels, taints };
}

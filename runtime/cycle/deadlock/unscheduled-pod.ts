import * as z from "zod";

import type { ApiObject } from "../../ports/index.js";
import { controllerId } from "../controller-id.js";

/** A pod for which the scheduler found no node, with its words. */
export interface UnscheduledPod {
  readonly namespace: string;
  readonly name: string;
  /** `Kind namespace/name` of its workload; the pod itself when nothing owns it. */
  readonly owner: string;
  readonly message: string;
  /** Claims that it mounts. */
  readonly claims: readonly string[];
}

const podSchema = z.object({
  metadata: z.object({
    namespace: z.string(),
    name: z.string(),
    ownerReferences: z
      .array(z.object({ kind: z.string(), name: z.string(), controller: z.boolean().optional() }))
      .default([]),
  }),
  spec: z.object({
    nodeName: z.string().optional(),
    volumes: z.array(z.object({ persistentVolumeClaim: z.object({ claimName: z.string() }).optional() })).default([]),
  }),
  status: z.object({
    conditions: z
      .array(
        z.object({
          type: z.string(),
          status: z.string(),
          reason: z.string().optional(),
          message: z.string().default(""),
        }),
      )
      .default([]),
  }),
});

/** The pods among these that the scheduler has turned away. */
export function readUnscheduled(pods: readonly ApiObject[]): readonly UnscheduledPod[] {
  return pods.flatMap((pod) => readOne(pod) ?? []);
}

function readOne(pod: ApiObject): UnscheduledPod | null {
  const parsed = podSchema.safeParse(pod);
  if (!parsed.success) return null;
  const { metadata, spec, status } = parsed.data;
  const { namespace, name } = metadata;
  const refused = status.conditions.find(
    ({ type, status: is, reason }) => type === "PodScheduled" && is === "False" && reason === "Unschedulable",
  );
  if (!refused || spec.nodeName) return null;
  const controller = metadata.ownerReferences.find(({ controller: isController }) => isController === true);
  return {
    namespace,
    name,
    owner: controllerId({ ...(controller ?? { kind: "Pod", name }), namespace }),
    message: refused.message,
    claims: spec.volumes.flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []),
  };
}

/** Whether the scheduler says that a volume lies where no node is; newer ones word it the second way. */
export function waitsForZone({ message }: UnscheduledPod): boolean {
  return (
    message.includes("volume node affinity conflict") ||
    message.includes("didn't match PersistentVolume's node affinity")
  );
}

/** Whether a look at the nodes can tell more than the scheduler's words. */
export function asksForNodes(pod: UnscheduledPod): boolean {
  return waitsForZone(pod) || pod.message.includes("untolerated taint");
}

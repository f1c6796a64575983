import * as z from "zod";

import type { ApiObject } from "../../ports/index.js";
import { DAEMON_SETS, DEPLOYMENTS, STATEFUL_SETS } from "../resource-types.js";
import type { Survey } from "../survey.js";

/** The types whose objects may belong to a tier. */
export const WORKLOAD_TYPES = [DEPLOYMENTS, STATEFUL_SETS, DAEMON_SETS] as const;

const text = z.record(z.string(), z.string()).default({});
const count = z.number().int().min(0);

const containerSchema = z.object({
  resources: z.object({ requests: z.record(z.string(), z.unknown()).default({}) }).prefault({}),
  restartPolicy: z.string().optional(),
});

const templateSchema = z.object({
  metadata: z.object({ labels: text, annotations: text }).prefault({}),
  spec: z
    .object({
      containers: z.array(containerSchema).default([]),
      initContainers: z.array(containerSchema).default([]),
      overhead: z.record(z.string(), z.unknown()).default({}),
      nodeSelector: text,
      tolerations: z
        .array(
          z.object({
            key: z.string().default(""),
            operator: z.string().default("Equal"),
            value: z.string().default(""),
            effect: z.string().default(""),
          }),
        )
        .default([]),
      affinity: z.unknown().optional(),
      volumes: z.array(z.object({ persistentVolumeClaim: z.object({ claimName: z.string() }).optional() })).default([]),
    })
    .prefault({}),
});

const workloadSchema = z.object({
  metadata: z.object({
    namespace: z.string(),
    name: z.string(),
    uid: z.string(),
    generation: count.default(0),
    labels: text,
  }),
  spec: z.object({
    replicas: count.default(1),
    template: templateSchema.prefault({}),
    volumeClaimTemplates: z.array(z.object({ metadata: z.object({ name: z.string() }) })).default([]),
  }),
  status: z
    .object({
      observedGeneration: count.default(0),
      readyReplicas: count.default(0),
      updatedReplicas: count.optional(),
      desiredNumberScheduled: count.default(0),
      numberReady: count.default(0),
    })
    .prefault({}),
});

/** The pods of a workload as its template describes them. */
export type PodShape = z.output<typeof templateSchema>;

/** A Deployment, StatefulSet or DaemonSet, as far as a wake looks at it. */
export interface Workload {
  readonly kind: "Deployment" | "StatefulSet" | "DaemonSet";
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly template: PodShape;
  /** Names of its claim templates; a StatefulSet's pod `n` mounts `<template>-<name>-<n>`. */
  readonly claimTemplates: readonly string[];
  /** The controller has seen the newest generation. */
  readonly isObserved: boolean;
  readonly wanted: number;
  readonly ready: number;
  /** Pods of the newest template; null where that says nothing (a DaemonSet, a StatefulSet). */
  readonly updated: number | null;
}

/** `Kind namespace/name`: unique within a cluster. */
export function workloadId({ kind, namespace, name }: Pick<Workload, "kind" | "namespace" | "name">): string {
  return `${kind} ${namespace}/${name}`;
}

/** The workloads of a survey; an object that cannot be understood is left out: nothing waits for it. */
export function readWorkloads(survey: Survey): readonly Workload[] {
  return WORKLOAD_TYPES.flatMap((type) =>
    survey.of(type).flatMap((object) => readWorkload(type.kind as Workload["kind"], object) ?? []),
  );
}

function readWorkload(kind: Workload["kind"], object: ApiObject): Workload | null {
  const parsed = workloadSchema.safeParse(object);
  if (!parsed.success) return null;
  const { metadata, spec, status } = parsed.data;
  const { namespace, name, uid, labels, generation } = metadata;
  const isDaemon = kind === "DaemonSet";
  return {
    kind,
    namespace,
    name,
    uid,
    labels,
    template: spec.template,
    claimTemplates: spec.volumeClaimTemplates.map((claim) => claim.metadata.name),
    isObserved: status.observedGeneration >= generation,
    wanted: isDaemon ? status.desiredNumberScheduled : spec.replicas,
    ready: isDaemon ? status.numberReady : status.readyReplicas,
    updated: kind === "Deployment" ? (status.updatedReplicas ?? 0) : null,
  };
}

import type { PodTemplate, Shutdown } from "./cluster-state.js";

/** What can be said of a pod; everything has the API server's own default. */
export interface PodSpec {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  /** Default 30. */
  readonly graceSeconds?: number;
  readonly emptyDir?: boolean;
  readonly hostPath?: boolean;
  /** Names of the PersistentVolumeClaims that it mounts. */
  readonly claims?: readonly string[];
  readonly priority?: number;
  readonly priorityClassName?: string;
  readonly toleratesEverything?: boolean;
  /** Whether it becomes Ready once it runs; default true. */
  readonly ready?: boolean;
  /** From being bound to running; default 0. */
  readonly startMs?: number;
  /** How its containers end; default "grace": exactly at the deadline. */
  readonly shutdown?: Shutdown;
  /** The one node whose host name label it selects; a cordon there still holds. */
  readonly nodeName?: string;
  readonly nodeSelector?: Readonly<Record<string, string>>;
}

/** The priorities that every API server knows. */
const SYSTEM_PRIORITIES: Readonly<Record<string, number>> = {
  "system-cluster-critical": 2_000_000_000,
  "system-node-critical": 2_000_001_000,
};

const PLAIN_POD: PodTemplate = {
  labels: {},
  annotations: {},
  finalizers: [],
  graceSeconds: 30,
  emptyDir: false,
  hostPath: false,
  claims: [],
  priority: 0,
  priorityClassName: "",
  toleratesEverything: false,
  ready: true,
  startMs: 0,
  shutdown: "grace",
  nodeSelector: {},
};

/** A spec with every default filled in. */
export function podTemplate({ nodeName, ...spec }: PodSpec): PodTemplate {
  const host = nodeName === undefined ? {} : { "kubernetes.io/hostname": nodeName };
  const priority = spec.priority ?? SYSTEM_PRIORITIES[spec.priorityClassName ?? ""] ?? 0;
  return { ...PLAIN_POD, ...spec, priority, nodeSelector: { ...host, ...spec.nodeSelector } };
}

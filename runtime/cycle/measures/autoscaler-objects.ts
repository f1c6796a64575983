import * as z from "zod";

import type { ApiObject, NamespacedName } from "../../ports/index.js";

/** What a run has to know of one Deployment of the Kubernetes cluster autoscaler. */
export interface Autoscaler extends NamespacedName {
  readonly namespace: string;
  readonly replicas: number;
  /** Labels of its pods. */
  readonly podLabels: Readonly<Record<string, string>>;
  /** Its leader-election lease; null when it elects no leader. */
  readonly lease: NamespacedName | null;
  /** Whether it cordons the nodes that it is about to remove. */
  readonly cordonsNodes: boolean;
}

/** Where the autoscaler's lease lies unless its flags say otherwise. */
export const LEASE_NAME = "cluster-autoscaler";
const LEASE_NAMESPACE = "kube-system";

const labels = z.record(z.string(), z.string()).default({});
const words = z.array(z.string()).default([]);

const deploymentSchema = z.object({
  spec: z.object({
    replicas: z.number().default(1),
    selector: z.object({ matchLabels: labels }).prefault({}),
    template: z
      .object({
        metadata: z.object({ labels }).prefault({}),
        spec: z
          .object({ containers: z.array(z.object({ image: z.string().default(""), command: words, args: words })) })
          .prefault({ containers: [] }),
      })
      .prefault({}),
  }),
});

/** The labels by which its manifests, its Helm chart and kOps name it. */
const WELL_KNOWN: readonly (readonly [label: string, value: RegExp])[] = [
  ["app.kubernetes.io/name", /^(\w+-)?cluster-autoscaler$/],
  ["k8s-app", /^cluster-autoscaler$/],
  ["app", /^cluster-autoscaler$/],
  ["k8s-addon", /^cluster-autoscaler\.addons\.k8s\.io$/],
  ["helm.sh/chart", /^cluster-autoscaler-\d/],
];

/** `registry/…/cluster-autoscaler:v1`, also with the architecture in the name; not e.g. `cluster-proportional-autoscaler`. */
const IMAGE = /(^|\/)cluster-autoscaler(-(amd64|arm64|s390x))?([:@]|$)/;

/** Whether a Deployment is a cluster autoscaler, by label, by image or because it was `named` as `namespace/name`. */
export function isClusterAutoscaler(deployment: ApiObject, named: readonly string[]): boolean {
  const { namespace, name } = deployment.metadata;
  if (named.includes(`${namespace}/${name}`)) return true;
  const parsed = deploymentSchema.safeParse(deployment);
  if (!parsed.success) return false;
  const { metadata, spec } = parsed.data.spec.template;
  const isLabelled = [deployment.metadata.labels ?? {}, metadata.labels].some((found) =>
    WELL_KNOWN.some(([label, value]) => value.test(found[label] ?? "")),
  );
  return isLabelled || spec.containers.some(({ image }) => IMAGE.test(image));
}

/** Reads what matters of it; null when the object does not look like a Deployment. */
export function readAutoscaler(deployment: ApiObject): Autoscaler | null {
  const parsed = deploymentSchema.safeParse(deployment);
  const { namespace, name } = deployment.metadata;
  if (!parsed.success || namespace === undefined) return null;
  const { replicas, selector, template } = parsed.data.spec;
  const flags = readFlags(template.spec.containers.flatMap(({ command, args }) => [...command, ...args]));
  return {
    namespace,
    name,
    replicas,
    podLabels: selector.matchLabels,
    lease: flags.get("leader-elect") === "false" ? null : leaseOf(flags),
    cordonsNodes: flags.get("cordon-node-before-terminating") === "true",
  };
}

/** It takes the lease in the namespace that it was told to run in. */
function leaseOf(flags: ReadonlyMap<string, string>): NamespacedName {
  return {
    namespace: flags.get("namespace") ?? flags.get("leader-elect-resource-namespace") ?? LEASE_NAMESPACE,
    name: flags.get("leader-elect-resource-name") ?? LEASE_NAME,
  };
}

/** `--flag=value`, `--flag value` and `--flag` alone, which is `true`. */
function readFlags(line: readonly string[]): ReadonlyMap<string, string> {
  const flags = new Map<string, string>();
  for (const [index, word] of line.entries()) {
    const [, name, value] = /^--?([\w-]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (name === undefined) continue;
    const next = line[index + 1];
    flags.set(name, value ?? (next === undefined || next.startsWith("-") ? "true" : next));
  }
  return flags;
}

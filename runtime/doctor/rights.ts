import type { Purpose } from "../cycle/index.js";

/** What a right is for: a measure, or a part of the run itself. */
export type Need = Purpose | "drain" | "events" | "scale-owners" | "volumes" | "leftovers" | "wake" | "doctor";

/** Verbs on one resource of the Kubernetes API. */
export interface Right {
  /** Empty for the core group. */
  readonly group: string;
  /** With its subresource: `pods/eviction`. */
  readonly resource: string;
  readonly verbs: readonly string[];
  readonly need: Need;
}

function rights(need: Need, group: string, resources: readonly string[], verbs: readonly string[]): readonly Right[] {
  return resources.map((resource) => ({ group, resource, verbs, need }));
}

/** Everything that draining and scaling node groups asks of a cluster; stacks/rbac/drain-only.yaml grants exactly this. */
export const DRAIN_RIGHTS: readonly Right[] = [
  ...rights("drain", "", ["nodes"], ["get", "list", "patch"]),
  ...rights("drain", "", ["pods"], ["get", "list", "delete"]),
  ...rights("drain", "", ["pods/eviction"], ["create"]),
  ...rights("drain", "policy", ["poddisruptionbudgets"], ["get", "list"]),
  ...rights("drain", "apps", ["daemonsets", "replicasets", "statefulsets", "deployments"], ["get", "list"]),
  ...rights("scale-owners", "apps", ["deployments/scale", "statefulsets/scale", "replicasets/scale"], ["get", "patch"]),
  ...rights("volumes", "", ["persistentvolumes"], ["list"]),
  ...rights("volumes", "storage.k8s.io", ["volumeattachments"], ["list"]),
  ...rights("events", "", ["events"], ["create"]),
  ...rights("doctor", "authorization.k8s.io", ["selfsubjectaccessreviews"], ["create"]),
];

/** What the whole cycle asks beyond {@link DRAIN_RIGHTS}; stacks/rbac/full-cycle.yaml grants exactly both. */
export const CYCLE_RIGHTS: readonly Right[] = [
  ...rights("leftovers", "", ["nodes"], ["delete"]),
  ...rights("volumes", "", ["persistentvolumeclaims"], ["list"]),
  ...rights("volumes", "storage.k8s.io", ["volumeattachments"], ["delete"]),
  ...rights(
    "webhooks",
    "admissionregistration.k8s.io",
    ["validatingwebhookconfigurations", "mutatingwebhookconfigurations"],
    ["get", "list", "patch"],
  ),
  ...rights("webhooks", "apiextensions.k8s.io", ["customresourcedefinitions"], ["get", "list"]),
  ...rights("webhooks", "apiregistration.k8s.io", ["apiservices"], ["get", "list"]),
  ...rights("webhooks", "", ["services", "namespaces"], ["get", "list"]),
  ...rights("webhooks", "discovery.k8s.io", ["endpointslices"], ["list"]),
  ...rights("webhooks", "", ["pods"], ["create"]),
  ...rights("wake", "", ["events"], ["list"]),
  ...rights("autoscaler", "apps", ["deployments", "daemonsets", "replicasets", "statefulsets"], ["patch"]),
  ...rights("autoscaler", "coordination.k8s.io", ["leases"], ["get", "list"]),
  ...rights("autoscaler", "autoscaling", ["horizontalpodautoscalers"], ["list"]),
  ...rights("cronjobs", "batch", ["cronjobs"], ["get", "list", "patch"]),
  ...rights("jobs", "batch", ["jobs"], ["get", "list", "patch"]),
  ...rights("karpenter", "karpenter.sh", ["nodepools"], ["get", "list", "patch"]),
  ...rights("karpenter", "karpenter.sh", ["nodeclaims"], ["get", "list", "patch", "delete"]),
  ...rights("keda", "keda.sh", ["scaledobjects", "scaledjobs"], ["get", "list", "patch"]),
  ...rights("gitops", "argoproj.io", ["applications"], ["get", "list", "patch"]),
  ...rights("gitops", "kustomize.toolkit.fluxcd.io", ["kustomizations"], ["get", "list", "patch"]),
  ...rights("gitops", "helm.toolkit.fluxcd.io", ["helmreleases"], ["get", "list", "patch"]),
];

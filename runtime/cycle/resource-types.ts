import type { ResourceType } from "../ports/index.js";

/** The kinds of objects that the cycle reads or changes, beside nodes, pods and budgets. Versions: those whose shape Curfew knows. */
function type(
  group: string,
  versions: readonly string[],
  kind: string,
  plural: string,
  isNamespaced = true,
): ResourceType {
  return Object.freeze({ group, versions, kind, plural, isNamespaced });
}

export const DEPLOYMENTS = type("apps", ["v1"], "Deployment", "deployments");
export const STATEFUL_SETS = type("apps", ["v1"], "StatefulSet", "statefulsets");
export const DAEMON_SETS = type("apps", ["v1"], "DaemonSet", "daemonsets");
export const REPLICA_SETS = type("apps", ["v1"], "ReplicaSet", "replicasets");
export const CRON_JOBS = type("batch", ["v1"], "CronJob", "cronjobs");
export const JOBS = type("batch", ["v1"], "Job", "jobs");
export const PODS = type("", ["v1"], "Pod", "pods");
export const NAMESPACES = type("", ["v1"], "Namespace", "namespaces", false);
export const SERVICES = type("", ["v1"], "Service", "services");
export const EVENTS = type("", ["v1"], "Event", "events");
export const PERSISTENT_VOLUMES = type("", ["v1"], "PersistentVolume", "persistentvolumes", false);
export const PERSISTENT_VOLUME_CLAIMS = type("", ["v1"], "PersistentVolumeClaim", "persistentvolumeclaims");
export const VOLUME_ATTACHMENTS = type("storage.k8s.io", ["v1"], "VolumeAttachment", "volumeattachments", false);
export const ENDPOINT_SLICES = type("discovery.k8s.io", ["v1"], "EndpointSlice", "endpointslices");
export const LEASES = type("coordination.k8s.io", ["v1"], "Lease", "leases");
export const VALIDATING_WEBHOOKS = type(
  "admissionregistration.k8s.io",
  ["v1"],
  "ValidatingWebhookConfiguration",
  "validatingwebhookconfigurations",
  false,
);
export const MUTATING_WEBHOOKS = type(
  "admissionregistration.k8s.io",
  ["v1"],
  "MutatingWebhookConfiguration",
  "mutatingwebhookconfigurations",
  false,
);
export const CUSTOM_RESOURCE_DEFINITIONS = type(
  "apiextensions.k8s.io",
  ["v1"],
  "CustomResourceDefinition",
  "customresourcedefinitions",
  false,
);
export const API_SERVICES = type("apiregistration.k8s.io", ["v1"], "APIService", "apiservices", false);
export const NODE_POOLS = type("karpenter.sh", ["v1"], "NodePool", "nodepools", false);
export const NODE_CLAIMS = type("karpenter.sh", ["v1"], "NodeClaim", "nodeclaims", false);
export const SCALED_OBJECTS = type("keda.sh", ["v1alpha1"], "ScaledObject", "scaledobjects");
export const SCALED_JOBS = type("keda.sh", ["v1alpha1"], "ScaledJob", "scaledjobs");
export const ARGO_APPLICATIONS = type("argoproj.io", ["v1alpha1"], "Application", "applications");
export const FLUX_KUSTOMIZATIONS = type("kustomize.toolkit.fluxcd.io", ["v1"], "Kustomization", "kustomizations");
export const FLUX_HELM_RELEASES = type("helm.toolkit.fluxcd.io", ["v2"], "HelmRelease", "helmreleases");

import type { ResourceType } from "../ports/index.js";

/**
 * The kinds of objects that the cycle reads or changes, beside nodes, pods and budgets. Versions: those whose shape Curfew knows.
 * HorizontalPodAutoscalers are not among them: with its target at 0 one rests and acts again by itself (safe-cycle H10).
 */
function type(group: string, version: string, kind: string, plural: string): ResourceType {
  return Object.freeze({ group, versions: [version], kind, plural, isNamespaced: true });
}

function clusterWide(...parts: Parameters<typeof type>): ResourceType {
  return Object.freeze({ ...type(...parts), isNamespaced: false });
}

export const DEPLOYMENTS = type("apps", "v1", "Deployment", "deployments");
export const STATEFUL_SETS = type("apps", "v1", "StatefulSet", "statefulsets");
export const DAEMON_SETS = type("apps", "v1", "DaemonSet", "daemonsets");
export const REPLICA_SETS = type("apps", "v1", "ReplicaSet", "replicasets");
export const CRON_JOBS = type("batch", "v1", "CronJob", "cronjobs");
export const JOBS = type("batch", "v1", "Job", "jobs");
export const PODS = type("", "v1", "Pod", "pods");
export const NAMESPACES = clusterWide("", "v1", "Namespace", "namespaces");
export const SERVICES = type("", "v1", "Service", "services");
export const EVENTS = type("", "v1", "Event", "events");
export const PERSISTENT_VOLUMES = clusterWide("", "v1", "PersistentVolume", "persistentvolumes");
export const PERSISTENT_VOLUME_CLAIMS = type("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims");
export const VOLUME_ATTACHMENTS = clusterWide("storage.k8s.io", "v1", "VolumeAttachment", "volumeattachments");
export const ENDPOINT_SLICES = type("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices");
export const LEASES = type("coordination.k8s.io", "v1", "Lease", "leases");
export const VALIDATING_WEBHOOKS = clusterWide(
  "admissionregistration.k8s.io",
  "v1",
  "ValidatingWebhookConfiguration",
  "validatingwebhookconfigurations",
);
export const MUTATING_WEBHOOKS = clusterWide(
  "admissionregistration.k8s.io",
  "v1",
  "MutatingWebhookConfiguration",
  "mutatingwebhookconfigurations",
);
export const CUSTOM_RESOURCE_DEFINITIONS = clusterWide(
  "apiextensions.k8s.io",
  "v1",
  "CustomResourceDefinition",
  "customresourcedefinitions",
);
export const API_SERVICES = clusterWide("apiregistration.k8s.io", "v1", "APIService", "apiservices");
export const NODE_POOLS = clusterWide("karpenter.sh", "v1", "NodePool", "nodepools");
export const NODE_CLAIMS = clusterWide("karpenter.sh", "v1", "NodeClaim", "nodeclaims");
export const SCALED_OBJECTS = type("keda.sh", "v1alpha1", "ScaledObject", "scaledobjects");
export const SCALED_JOBS = type("keda.sh", "v1alpha1", "ScaledJob", "scaledjobs");
export const ARGO_APPLICATIONS = type("argoproj.io", "v1alpha1", "Application", "applications");
export const FLUX_KUSTOMIZATIONS = type("kustomize.toolkit.fluxcd.io", "v1", "Kustomization", "kustomizations");
export const FLUX_HELM_RELEASES = type("helm.toolkit.fluxcd.io", "v2", "HelmRelease", "helmreleases");

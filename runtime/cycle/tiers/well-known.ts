import type { Tier } from "./tier.js";

/** What people call the seven areas of a cluster; see `tier.ts` for how they map. */
export type Area =
  "core Kubernetes" | "infrastructure" | "cluster management" | "admission control" | "service mesh" | "security";

/** A product that Curfew knows by name. */
export interface WellKnown {
  readonly tier: Tier;
  readonly area: Area;
  /** Workload names, or values of one of `NAME_LABELS`. */
  readonly apps: readonly string[];
  /** Only in these namespaces; everywhere when left out. */
  readonly namespaces?: readonly string[];
  /** Without it the wake cannot go on. */
  readonly isCritical: boolean;
}

const SYSTEM = ["kube-system"];

/**
 * Who is waited for in which tier, beside the applications. To move a workload or to add one, set
 * `settings.tiers.members` for the cluster; a product that many clusters have belongs here.
 */
const WELL_KNOWN: readonly WellKnown[] = [
  // 1: without these no node is Ready and no pod has an address.
  { tier: 1, area: "core Kubernetes", apps: ["kube-proxy"], namespaces: SYSTEM, isCritical: true },
  { tier: 1, area: "core Kubernetes", apps: ["aws-node"], namespaces: SYSTEM, isCritical: true },
  {
    tier: 1,
    area: "core Kubernetes",
    apps: ["cilium", "cilium-operator", "cilium-agent"],
    namespaces: ["kube-system", "cilium"],
    isCritical: true,
  },
  {
    tier: 1,
    area: "core Kubernetes",
    apps: ["calico-node", "calico-typha"],
    namespaces: ["kube-system", "calico-system"],
    isCritical: true,
  },
  { tier: 1, area: "core Kubernetes", apps: ["eks-pod-identity-agent"], namespaces: SYSTEM, isCritical: false },
  // 2
  { tier: 2, area: "core Kubernetes", apps: ["coredns", "kube-dns"], namespaces: SYSTEM, isCritical: true },
  { tier: 2, area: "core Kubernetes", apps: ["node-local-dns"], namespaces: SYSTEM, isCritical: false },
  // 3: without CSI no pod with a volume starts; without metrics only scaling is blind.
  {
    tier: 3,
    area: "infrastructure",
    apps: ["ebs-csi-controller", "ebs-csi-node", "aws-ebs-csi-driver"],
    isCritical: true,
  },
  {
    tier: 3,
    area: "infrastructure",
    apps: ["efs-csi-controller", "efs-csi-node", "aws-efs-csi-driver"],
    isCritical: true,
  },
  { tier: 3, area: "infrastructure", apps: ["snapshot-controller"], isCritical: false },
  { tier: 3, area: "infrastructure", apps: ["metrics-server"], isCritical: false },
  // 4: other webhooks get their certificates here.
  {
    tier: 4,
    area: "admission control",
    apps: ["cert-manager", "cainjector", "webhook", "cert-manager-cainjector", "cert-manager-webhook"],
    namespaces: ["cert-manager"],
    isCritical: false,
  },
  // 5
  { tier: 5, area: "admission control", apps: ["kyverno", "kyverno-admission-controller"], isCritical: false },
  { tier: 5, area: "admission control", apps: ["gatekeeper", "gatekeeper-controller-manager"], isCritical: false },
  { tier: 5, area: "admission control", apps: ["aws-load-balancer-controller"], isCritical: false },
  { tier: 5, area: "service mesh", apps: ["istiod", "istio-cni-node", "ztunnel"], isCritical: false },
  {
    tier: 5,
    area: "service mesh",
    apps: ["linkerd-destination", "linkerd-identity", "linkerd-proxy-injector"],
    namespaces: ["linkerd"],
    isCritical: false,
  },
  {
    tier: 5,
    area: "security",
    apps: ["falco", "external-secrets", "external-secrets-webhook", "vault-agent-injector"],
    isCritical: false,
  },
  // 6: after the groups have their sizes, or they fight the wake.
  { tier: 6, area: "cluster management", apps: ["cluster-autoscaler", "aws-cluster-autoscaler"], isCritical: false },
  { tier: 6, area: "cluster management", apps: ["karpenter"], isCritical: false },
  {
    tier: 6,
    area: "cluster management",
    apps: ["keda-operator", "keda-operator-metrics-apiserver", "keda-admission-webhooks"],
    isCritical: false,
  },
];

/** Labels by which charts and add-ons say what a workload is. */
const NAME_LABELS = ["app.kubernetes.io/name", "k8s-app", "app"];

/** What must be known of a workload to recognise it. */
interface Recognisable {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The first row that names this workload; undefined for an application. */
export function findWellKnown({ namespace, name, labels }: Recognisable): WellKnown | undefined {
  const called = [name, ...NAME_LABELS.flatMap((key) => labels[key] ?? [])];
  return WELL_KNOWN.find(
    ({ apps, namespaces }) =>
      (namespaces === undefined || namespaces.includes(namespace)) && apps.some((app) => called.includes(app)),
  );
}

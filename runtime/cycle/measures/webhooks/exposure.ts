import { selectorMatches } from "../../../drain/budgets.js";
import type { LabelSelector } from "../../../ports/index.js";
import { KUBE_SYSTEM, NODE_LEASES, type Ground } from "./ground.js";
import { hasOurCondition } from "./match-condition.js";
import { isAskedAbout } from "./rules.js";
import { POD_REMOVALS, VITAL_REQUESTS, type VitalRequest } from "./vital-requests.js";
import { isEverything, type Webhook } from "./webhook.js";

/** In which vital matters a webhook is asked. */
export interface Exposure {
  /** Guarded namespaces in which it is; sorted. */
  readonly namespaces: readonly string[];
  /** Resources of no namespace, as `nodes`; sorted. */
  readonly clusterScoped: readonly string[];
  /** Whether it is asked when pods of any namespace end. */
  readonly isAskedWhenPodsEnd: boolean;
  /** Whether it is asked about leases of a guarded namespace, which are renewed every few seconds. */
  readonly isAskedAboutLeases: boolean;
  /** The resources of guarded namespaces, as `pods`; sorted. */
  readonly resources: readonly string[];
}

/** Judges rules and selectors. Conditions other than Curfew's own are taken to hold: better relaxed once too often. */
export function exposureOf(webhook: Webhook, ground: Ground): Exposure {
  const asked = VITAL_REQUESTS.filter((request) => isAskedAbout(webhook, request));
  const leavesOut = hasOurCondition(webhook);
  const guarded = [...ground.guarded].flatMap(([namespace, labels]) =>
    asked
      .filter((request) => matters(request, namespace) && isSelected(webhook, namespace, labels))
      .map((request) => ({ namespace, request })),
  );
  const clusterScoped = leavesOut || !mayMatch(webhook.objectSelector) ? [] : asked.filter(isOfTheCluster);
  return {
    namespaces: distinct(guarded.map(({ namespace }) => namespace)),
    clusterScoped: distinct(clusterScoped.map(nameOf)),
    isAskedWhenPodsEnd:
      !leavesOut &&
      POD_REMOVALS.some((request) => isAskedAbout(webhook, request)) &&
      [...ground.namespaces.values()].some((labels) => selectorMatches(webhook.namespaceSelector, labels)),
    isAskedAboutLeases: guarded.some(({ request }) => request.resource === "leases"),
    resources: distinct(guarded.map(({ request }) => nameOf(request))),
  };
}

/** Whether the webhook is asked in no vital matter at all. */
export function isHarmless({ namespaces, clusterScoped, isAskedWhenPodsEnd }: Exposure): boolean {
  return namespaces.length === 0 && clusterScoped.length === 0 && !isAskedWhenPodsEnd;
}

const isOfTheCluster = ({ realm }: VitalRequest): boolean => realm === "cluster";

/** Nothing but leases matters where the nodes keep theirs. */
function matters({ realm, resource }: VitalRequest, namespace: string): boolean {
  return realm !== "cluster" && (namespace !== NODE_LEASES || resource === "leases");
}

function isSelected(webhook: Webhook, namespace: string, labels: Readonly<Record<string, string>>): boolean {
  return (
    selectorMatches(webhook.namespaceSelector, labels) &&
    // What a backend's own namespace holds is not known; what EKS keeps in its own is.
    ((namespace !== KUBE_SYSTEM && namespace !== NODE_LEASES) || mayMatch(webhook.objectSelector))
  );
}

/** Labels of the objects without which no node works: none at all, or those of EKS's own parts. */
const VITAL_LABELS: readonly Readonly<Record<string, string>>[] = [
  {},
  { "k8s-app": "aws-node", "app.kubernetes.io/name": "aws-node", "app.kubernetes.io/instance": "aws-vpc-cni" },
  { "k8s-app": "kube-proxy" },
  { "k8s-app": "kube-dns", "eks.amazonaws.com/component": "coredns" },
  { app: "ebs-csi-node", "app.kubernetes.io/name": "aws-ebs-csi-driver", "app.kubernetes.io/component": "csi-driver" },
  { app: "ebs-csi-controller", "app.kubernetes.io/name": "aws-ebs-csi-driver" },
];

function mayMatch(selector: LabelSelector): boolean {
  return isEverything(selector) || VITAL_LABELS.some((labels) => selectorMatches(selector, labels));
}

function nameOf({ resource, subresource }: VitalRequest): string {
  return subresource === "" ? resource : `${resource}/${subresource}`;
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}

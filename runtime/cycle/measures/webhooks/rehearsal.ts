import { selectorMatches } from "../../../drain/budgets.js";
import type { LabelSelector, ResourceType } from "../../../ports/index.js";
import { DAEMON_SETS, DEPLOYMENTS, PODS, REPLICA_SETS, SERVICES, STATEFUL_SETS } from "../../resource-types.js";
import { KUBE_SYSTEM, type Namespaces } from "./ground.js";
import { isAskedAbout } from "./rules.js";
import type { Webhook } from "./webhook.js";

/** A creation that the API server must ask the webhook about; only ever rehearsed (safe-cycle W15). */
export interface Rehearsal {
  readonly type: ResourceType;
  readonly namespace: string;
  readonly body: object;
}

/**
 * Creations that must reach the webhook, best first; none when it is not asked about creations of anything that can be made
 * up, or fails open, so that a rehearsal would say nothing.
 */
export function rehearsalsOf(webhook: Webhook, namespaces: Namespaces): readonly Rehearsal[] {
  if (webhook.failurePolicy === "Ignore") return [];
  const namespace = chooseNamespace(webhook.namespaceSelector, namespaces);
  const labels = labelsFor(webhook.objectSelector);
  if (namespace === undefined || labels === null) return [];
  return BODIES.filter(({ type }) => isAskedAbout(webhook, creationOf(type))).map(({ type, rest }) => ({
    type,
    namespace,
    body: { metadata: { name: NAME, namespace, labels }, ...rest(labels) },
  }));
}

const NAME = "curfew-rehearsal";

/** Passes the strictest Pod Security Standard, whose refusal would come before the webhook is asked. */
const POD_SPEC = {
  securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
  containers: [
    {
      name: "main",
      image: "curfew.invalid/rehearsal",
      resources: { requests: { cpu: "1m", memory: "1Mi" }, limits: { cpu: "1m", memory: "1Mi" } },
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    },
  ],
};

type Labels = Readonly<Record<string, string>>;

/** Selected by a label that nothing else has. */
function workload(labels: Labels): object {
  const own = { ...labels, [NAME]: "true" };
  return {
    spec: { selector: { matchLabels: { [NAME]: "true" } }, template: { metadata: { labels: own }, spec: POD_SPEC } },
  };
}

function core(plural: string, kind: string): ResourceType {
  return { group: "", versions: ["v1"], plural, kind, isNamespaced: true };
}

/** What is known well enough to be made up. A pod first: its creation is what the full-cycle role allows. */
const BODIES: readonly { readonly type: ResourceType; readonly rest: (labels: Labels) => object }[] = [
  { type: PODS, rest: () => ({ spec: POD_SPEC }) },
  { type: core("configmaps", "ConfigMap"), rest: () => ({}) },
  { type: SERVICES, rest: () => ({ spec: { clusterIP: "None", ports: [{ port: 80 }] } }) },
  { type: DEPLOYMENTS, rest: workload },
  { type: DAEMON_SETS, rest: workload },
  { type: REPLICA_SETS, rest: workload },
  { type: STATEFUL_SETS, rest: workload },
  { type: core("serviceaccounts", "ServiceAccount"), rest: () => ({}) },
  { type: core("secrets", "Secret"), rest: () => ({}) },
];

function creationOf({ group, versions, plural }: ResourceType) {
  const [version = ""] = versions;
  return { operation: "CREATE", group, version, resource: plural, subresource: "", isNamespaced: true } as const;
}

/** The one that matters most when it is selected. */
function chooseNamespace(selector: LabelSelector, namespaces: Namespaces): string | undefined {
  const selected = [...namespaces].filter(([, labels]) => selectorMatches(selector, labels)).map(([name]) => name);
  return selected.includes(KUBE_SYSTEM) ? KUBE_SYSTEM : selected[0];
}

/** Labels that satisfy the selector; null when a simple guess does not. */
function labelsFor(selector: LabelSelector): Labels | null {
  const guessed = selector.matchExpressions.flatMap(({ key, operator, values }) => {
    if (operator === "In") return [[key, values[0] ?? ""] as const];
    return operator === "Exists" ? [[key, "true"] as const] : [];
  });
  const labels = { ...Object.fromEntries(guessed), ...selector.matchLabels };
  return selectorMatches(selector, labels) ? labels : null;
}

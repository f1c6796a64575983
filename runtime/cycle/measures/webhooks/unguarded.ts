import { selectorMatches } from "../../../drain/budgets.js";
import type { ApiObject, PatchOperation } from "../../../ports/index.js";
import type { Amendment } from "../../amendment.js";
import { editObject, readField } from "../../field-path.js";
import type { Namespaces } from "./ground.js";
import { isAskedAbout } from "./rules.js";
import { readConfiguration, type Webhook } from "./webhook.js";

const POD_CREATION = {
  operation: "CREATE",
  group: "",
  version: "v1",
  resource: "pods",
  subresource: "",
  isNamespaced: true,
} as const;

/**
 * Namespaces in which a mutating webhook, as it is again now, was not asked about new pods while it was relaxed (safe-cycle
 * W16). Empty for a validating one: it adds nothing that a pod could lack.
 * @param amendments what was changed of this webhook for the night.
 */
export function unguardedNamespaces(
  webhook: Webhook,
  amendments: readonly Amendment[],
  namespaces: Namespaces,
): readonly string[] {
  if (!webhook.isMutating || !isAskedAbout(webhook, POD_CREATION)) return [];
  const asleep = asRelaxed(webhook, amendments);
  const wasOpen = (labels: Readonly<Record<string, string>>) =>
    asleep.failurePolicy !== webhook.failurePolicy || !selectorMatches(asleep.namespaceSelector, labels);
  return [...namespaces]
    .filter(([, labels]) => selectorMatches(webhook.namespaceSelector, labels) && wasOpen(labels))
    .map(([name]) => name)
    .sort();
}

/** Whether the webhook would have been asked about this pod, had it been there; made at or after `sinceAt`, epoch milliseconds. */
export function wasMissed(webhook: Webhook, { metadata }: ApiObject, sinceAt: number): boolean {
  const createdAt = Date.parse(metadata.creationTimestamp ?? "");
  return createdAt >= sinceAt && selectorMatches(webhook.objectSelector, metadata.labels ?? {});
}

/** Makes a workload replace its pods one by one, as `kubectl rollout restart` does. */
export function restartPatch(workload: ApiObject, now: number): readonly PatchOperation[] {
  const editor = editObject(workload);
  const at = new Date(now).toISOString();
  editor.set(["spec", "template", "metadata", "annotations", "kubectl.kubernetes.io/restartedAt"], at);
  return editor.operations();
}

function fieldOf(path: Amendment["path"]): string {
  const last = path.at(-1);
  return typeof last === "string" ? last : "";
}

/** The webhook with the values of the night. */
function asRelaxed(webhook: Webhook, amendments: readonly Amendment[]): Webhook {
  const entry = readField(webhook.configuration, ["webhooks", { name: webhook.name }]);
  const changes = Object.fromEntries(amendments.map(({ path, ours }) => [fieldOf(path), ours]));
  const night = { ...(entry as object), ...changes };
  return readConfiguration(webhook.type, { ...webhook.configuration, webhooks: [night] }).webhooks[0] ?? webhook;
}

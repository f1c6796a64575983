import { amend, type Amendment } from "../../amendment.js";
import { readField, type FieldPath } from "../../field-path.js";
import { describeFinding, type Finding } from "./audit.js";
import { NAMESPACE_NAME_LABEL } from "./ground.js";
import { withOurCondition } from "./match-condition.js";

/** Short enough for leases, and for several webhooks in a row within the 30 s of a client (safe-cycle H11, W15). */
const SHORT_SECONDS = 3;

type Json = NonNullable<Amendment["ours"]>;

/**
 * What takes the harm out of one webhook, with the least damage (safe-cycle H13, H14): leave kube-system and the backends'
 * own namespaces out by selector; leave nodes, and pods that end, out by a match condition; shorten a time-out that only
 * delays; and ignore failures only where there is no room for a condition. Namespaces of applications stay guarded.
 */
export function relax(finding: Finding): readonly Amendment[] {
  const { webhook, problem, exposure } = finding;
  if (problem === "delays") return [change(finding, "timeoutSeconds", SHORT_SECONDS)];
  const conditions =
    exposure.clusterScoped.length > 0 || exposure.isAskedWhenPodsEnd ? withOurCondition(webhook) : undefined;
  return [
    ...(exposure.namespaces.length > 0 ? [change(finding, "namespaceSelector", selectorWithout(finding))] : []),
    ...(conditions ? [change(finding, "matchConditions", conditions)] : []),
    ...(conditions === null
      ? [
          change(finding, "failurePolicy", "Ignore"),
          ...(webhook.timeoutSeconds > SHORT_SECONDS ? [change(finding, "timeoutSeconds", SHORT_SECONDS)] : []),
        ]
      : []),
  ];
}

/** Their selector, and not these namespaces. */
function selectorWithout({ webhook, exposure }: Finding): Json {
  const theirs = readField(webhook.configuration, fieldPath(webhook.name, "namespaceSelector")) as
    { readonly matchExpressions?: readonly Json[] } | undefined;
  const exclusion = { key: NAMESPACE_NAME_LABEL, operator: "NotIn", values: [...exposure.namespaces] };
  return { ...theirs, matchExpressions: [...(theirs?.matchExpressions ?? []), exclusion] };
}

function change(finding: Finding, field: string, ours: Json): Amendment {
  const { webhook } = finding;
  const amendment = amend(webhook.configuration, {
    purpose: "webhooks",
    type: webhook.type,
    path: fieldPath(webhook.name, field),
    ours,
    reason: describeFinding(finding),
  });
  if (amendment === null) throw new Error(`${webhook.name}: ${field} has the value already and is still a problem`);
  return amendment;
}

/** By the webhook's name, never by its place in the list (safe-cycle H16). */
function fieldPath(webhookName: string, field: string): FieldPath {
  return ["webhooks", { name: webhookName }, field];
}

/** The webhook that an amendment changes: `kind/configuration/webhook`, as {@link webhookKey} names it. */
export function webhookKeyOf(amendment: Amendment): string {
  return `${amendment.type.kind}/${amendment.name}/${webhookNameOf(amendment)}`;
}

/** The name of that webhook. */
export function webhookNameOf({ path }: Amendment): string {
  const part = path[1];
  return typeof part === "object" ? part.name : "";
}

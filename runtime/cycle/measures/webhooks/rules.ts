import type { Webhook, WebhookRule } from "./webhook.js";

/** What a request to the API server does, as far as a webhook's rules look at it. */
export const OPERATIONS = ["CREATE", "UPDATE", "DELETE"] as const;

/** A request that a webhook may be asked about. */
export interface AdmissionRequest {
  readonly operation: (typeof OPERATIONS)[number];
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  /** Empty for the object itself. */
  readonly subresource: string;
  /** Whether it concerns something in a namespace; a Namespace itself is of cluster scope. */
  readonly isNamespaced: boolean;
}

/** Whether one of the webhook's rules covers the request, as the API server matches them; selectors are not looked at. */
export function isAskedAbout(
  { rules, matchPolicy }: Pick<Webhook, "rules" | "matchPolicy">,
  request: AdmissionRequest,
): boolean {
  return rules.some((rule) => ruleCovers(rule, request, matchPolicy));
}

/** Under `Equivalent` the server converts a request to whichever version the rule names, so the version says nothing. */
function ruleCovers(rule: WebhookRule, request: AdmissionRequest, matchPolicy: Webhook["matchPolicy"]): boolean {
  return (
    includes(rule.operations, request.operation) &&
    includes(rule.apiGroups, request.group) &&
    (matchPolicy === "Equivalent" || includes(rule.apiVersions, request.version)) &&
    (rule.scope === "*" || (rule.scope === "Namespaced") === request.isNamespaced) &&
    rule.resources.some((pattern) => resourceMatches(pattern, request))
  );
}

function includes(patterns: readonly string[], value: string): boolean {
  return patterns.includes("*") || patterns.includes(value);
}

/** `pods` is the object alone, `pods/*` it and all its subresources, `*` every object, and only the pattern with both stars everything. */
function resourceMatches(pattern: string, { resource, subresource }: AdmissionRequest): boolean {
  const [name = "", sub = ""] = pattern.split("/");
  return (name === "*" || name === resource) && (sub === "*" || sub === subresource);
}

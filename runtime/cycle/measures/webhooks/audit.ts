import type { Survey } from "../../survey.js";
import { exposureOf, isHarmless, type Exposure } from "./exposure.js";
import { groundOf, serviceOf, type IsNodeThere, type ServiceRef } from "./ground.js";
import { isManagedByEks, productOf, type Product } from "./products.js";
import { webhooksOf, type Webhook } from "./webhook.js";

/** `refuses`: without its backend every such request fails. `delays`: it is let through, but only after a long wait. */
export type Problem = "refuses" | "delays";

/** A webhook that would keep the cluster from sleeping or waking while nobody answers for it. */
export interface Finding {
  readonly webhook: Webhook;
  readonly service: ServiceRef;
  readonly product: Product | null;
  readonly problem: Problem;
  readonly exposure: Exposure;
}

/** What an audit found. Nothing of it depends on the order of the objects. */
export interface Audit {
  readonly findings: readonly Finding[];
  /** Entries that could not be read. */
  readonly unreadable: readonly string[];
}

/** Longer than this, waiting is as good as failing (safe-cycle H11). */
const LONGEST_HARMLESS_SECONDS = 15;
/** Leases are renewed every 2 s and lost after 10. */
const LONGEST_HARMLESS_LEASE_SECONDS = 3;

/**
 * Gardener's rule over every webhook of both kinds (safe-cycle H11), for backends that are not there: those asked by URL,
 * EKS's own and those that stay up on Fargate or outside are no finding (safe-cycle H12, W26).
 */
export function auditWebhooks(survey: Survey, isNodeThere: IsNodeThere): Audit {
  const ground = groundOf(survey, isNodeThere);
  const { webhooks, unreadable } = webhooksOf(survey);
  const findings = webhooks.flatMap((webhook): readonly Finding[] => {
    const service = serviceOf(webhook);
    if (service === null || isManagedByEks(webhook) || ground.staysUp(service)) return [];
    const exposure = exposureOf(webhook, ground);
    const problem = problemOf(webhook, exposure);
    return problem === null ? [] : [{ webhook, service, product: productOf(webhook), problem, exposure }];
  });
  return { findings, unreadable };
}

/** Gardener's rule for one webhook; null when it does no harm while nobody answers. */
function problemOf(
  { failurePolicy, timeoutSeconds }: Pick<Webhook, "failurePolicy" | "timeoutSeconds">,
  exposure: Exposure,
): Problem | null {
  if (isHarmless(exposure)) return null;
  if (failurePolicy === "Fail") return "refuses";
  const longest = exposure.isAskedAboutLeases ? LONGEST_HARMLESS_LEASE_SECONDS : LONGEST_HARMLESS_SECONDS;
  return timeoutSeconds > longest ? "delays" : null;
}

/** A finding in words: what, why, and who answers for it. */
export function describeFinding({ webhook, service, product, problem, exposure }: Finding): string {
  const { namespaces, resources, clusterScoped, isAskedWhenPodsEnd } = exposure;
  const matters = [
    ...(namespaces.length === 0 ? [] : [`${shortly(resources)} of ${namespaces.join(", ")}`]),
    ...(clusterScoped.length === 0 ? [] : [shortly(clusterScoped)]),
    ...(isAskedWhenPodsEnd ? ["the end of pods"] : []),
  ].join("; ");
  const effect =
    problem === "refuses" ? "would be refused" : `would wait ${webhook.timeoutSeconds} s for an answer each time`;
  const name = product === null ? webhook.name : `${product.name}'s ${webhook.name}`;
  return `${matters} ${effect} while ${service.namespace}/${service.name}, which answers for ${name}, has no node`;
}

const MOST_NAMED = 4;

function shortly(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  return more > 0 ? `${names.slice(0, MOST_NAMED).join(", ")} and ${more} more` : names.join(", ");
}

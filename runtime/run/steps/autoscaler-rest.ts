import {
  DEPLOYMENTS,
  LEASES,
  managerOf,
  namedOwners,
  ownerWords,
  PODS,
  readAutoscaler,
  readLease,
  savedAmendments,
  type Amendment,
  type Autoscaler,
} from "../../cycle/index.js";
import type { ApiObject, FailureInfo } from "../../ports/index.js";
import type { StepContext, StepOutcome } from "../context.js";
import { closeWaitOptions, waitUntil } from "../poll.js";
import { watchLease, type LeaseWatch } from "./lease-watch.js";

/** How one look at an autoscaler that Curfew scaled to 0 came out. */
type Rest =
  | { readonly kind: "at-rest" }
  | { readonly kind: "waiting"; readonly words: string }
  | { readonly kind: "active"; readonly words: string };

/** The autoscalers that Curfew scaled to 0 in this cycle, with the eyes kept on their leases. */
interface Watched {
  readonly amendment: Amendment;
  readonly lease: LeaseWatch;
}

/**
 * Waits until every autoscaler that Curfew scaled to 0 is proven at rest: still at 0, no pod left, and its lease let go
 * of or not renewed (safe-cycle H8). Stops at once when somebody brought one back, and names who (S32). Changes nothing.
 *
 * @param lastPodsGoneAt an instant at which the pods were known to be gone; a lease that was last renewed before is at rest.
 */
export async function awaitAutoscalersAtRest(
  context: StepContext,
  lastPodsGoneAt: number | null,
): Promise<StepOutcome> {
  const { session, settings, clock } = context;
  const watched = savedAmendments(session.journal(), "autoscaler").map((amendment): Watched => ({
    amendment,
    lease: watchLease(clock, lastPodsGoneAt),
  }));
  let last: Rest = { kind: "at-rest" };
  const end = await waitUntil(
    async () => {
      last = await lookAtAll(watched, context);
      if (last.kind === "waiting") context.tell(`waiting for the cluster autoscaler: ${last.words}`);
      return last.kind !== "waiting";
    },
    closeWaitOptions(context, settings.autoscaler.pauseTimeoutSeconds),
  );
  if (end === "yielded" || end === "cancelled") return { kind: end };
  return conclude(last);
}

function conclude(rest: Rest): StepOutcome {
  return rest.kind === "at-rest" ? { kind: "done" } : { kind: "stopped", failure: activeFailure(rest.words) };
}

async function lookAtAll(watched: readonly Watched[], context: StepContext): Promise<Rest> {
  for (const one of watched) {
    const rest = await lookAt(one, context);
    if (rest.kind !== "at-rest") return rest;
  }
  return { kind: "at-rest" };
}

async function lookAt({ amendment, lease }: Watched, context: StepContext): Promise<Rest> {
  const { objects } = context.kubernetes;
  const live = await objects.read(DEPLOYMENTS, amendment);
  const autoscaler = live === null ? null : readAutoscaler(live);
  if (live === null || autoscaler === null) return { kind: "at-rest" };
  if (autoscaler.replicas > 0) return { kind: "active", words: broughtBack(live, autoscaler) };
  const pods = await countPods(autoscaler, context);
  if (pods === null) return { kind: "waiting", words: `the pods of ${nameOf(autoscaler)} cannot be listed` };
  if (pods > 0) return { kind: "waiting", words: `${pods} pod(s) of ${nameOf(autoscaler)} left` };
  if (autoscaler.lease === null) return { kind: "at-rest" };
  return lease.judge(readLease(await objects.read(LEASES, autoscaler.lease)), autoscaler);
}

/** Pods that may still act; null when Curfew may not see them, which proves nothing. */
async function countPods(
  { namespace, podLabels }: Autoscaler,
  { kubernetes: { objects } }: StepContext,
): Promise<number | null> {
  const labelSelector = Object.entries(podLabels)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
  const answer = await objects.list(PODS, { namespace, labelSelector });
  if (answer.kind !== "listed") return null;
  return answer.items.filter((pod) => !hasEnded(pod)).length;
}

function hasEnded(pod: ApiObject): boolean {
  const { phase } = (pod["status"] ?? {}) as { readonly phase?: string };
  return phase === "Succeeded" || phase === "Failed";
}

function broughtBack(live: ApiObject, autoscaler: Autoscaler): string {
  const manager = managerOf(live, ["spec", "replicas"]) ?? "somebody";
  const owners = namedOwners(live).map(ownerWords);
  const from = owners.length > 0 ? ` (delivered by ${owners.join(" and ")})` : "";
  return `${nameOf(autoscaler)} was set back to ${autoscaler.replicas} replica(s) by ${manager}${from}`;
}

function nameOf({ namespace, name }: Autoscaler): string {
  return `Deployment ${namespace}/${name}`;
}

function activeFailure(words: string): FailureInfo {
  return {
    code: "autoscaler-active",
    message: `The cluster autoscaler is not at rest: ${words}. No node was taken away.`,
    remedy:
      "Keep whoever runs it from starting it (settings.measures.gitops: apply suspends its delivery), raise settings.autoscaler.pauseTimeoutSeconds, or set settings.measures.autoscaler to report to go on without the pause.",
  };
}

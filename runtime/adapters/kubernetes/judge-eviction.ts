import type { EvictionAnswer } from "../../ports/index.js";
import type { ServerAnswer } from "./server-answer.js";

/** An {@link EvictionAnswer}, or `conflict`: only another look at the pod can tell what this 409 means (safe-cycle 28). */
export type EvictionVerdict = EvictionAnswer | { readonly kind: "conflict"; readonly message: string };

const ADMISSION_DENIED = /admission webhook .* denied the request|ValidatingAdmissionPolicy .* denied request/;

/**
 * What the API server's refusal of an eviction means (safe-cycle 22-38). Pure. 401 is not for here:
 * it says nothing about the pod.
 */
export function judgeEviction(answer: ServerAnswer): EvictionVerdict {
  const { status, message } = answer;
  // A webhook chooses its own status, 429 and 404 included, so its words come before the status.
  if (ADMISSION_DENIED.test(message) || message.includes("failed calling webhook"))
    return { kind: "webhook-refused", message };
  switch (status) {
    case 404:
      return { kind: "gone" };
    case 409:
      return answer.kind === "poddisruptionbudgets"
        ? { kind: "budget-contention", message }
        : { kind: "conflict", message };
    case 429:
      return judgeTooManyRequests(answer);
    case 403:
      return judgeForbidden(answer);
    case 408:
      return { kind: "transient", message };
    default:
      return status >= 500 ? judgeServerError(answer) : { kind: "forbidden", message };
  }
}

/** Three different 429s share one status (safe-cycle 30-32). */
function judgeTooManyRequests({ causes, retryAfterMs }: ServerAnswer): EvictionAnswer {
  const cause = causes.find(({ reason }) => reason === "DisruptionBudget");
  if (!cause) return { kind: "throttled", retryAfterMs };
  const { message } = cause;
  const isStale = retryAfterMs !== null || message.includes("still being processed");
  return isStale ? { kind: "budget-stale", message, retryAfterMs } : { kind: "budget-exhausted", message };
}

/** Only a 403 that names no passing reason is a missing permission (safe-cycle 35). */
function judgeForbidden({ causes, message }: ServerAnswer): EvictionAnswer {
  if (causes.some(({ reason }) => reason === "NamespaceTerminating")) return { kind: "namespace-terminating", message };
  // Both heal when the budget's controller catches up: more than 2,000 unconfirmed evictions, a negative allowance.
  const isBudgetBehind = /DisruptedPods map too big|disruptions allowed is negative/.test(message);
  return isBudgetBehind ? { kind: "budget-stale", message, retryAfterMs: null } : { kind: "forbidden", message };
}

/** The server gives a pod with two budgets no reason, only words (safe-cycle 33). */
function judgeServerError({ message }: ServerAnswer): EvictionAnswer {
  const kind = message.includes("more than one PodDisruptionBudget") ? "several-budgets" : "transient";
  return { kind, message };
}

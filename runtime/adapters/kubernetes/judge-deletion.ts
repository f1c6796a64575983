import type { DeleteAnswer } from "../../ports/index.js";
import { isUidConflict, type ServerAnswer } from "./server-answer.js";

/**
 * What the API server's refusal of a pod's DELETE means. Pure. Unlike an eviction, a DELETE runs the
 * webhooks on pods/DELETE (safe-cycle 34, 64).
 */
export function judgeDeletion(answer: ServerAnswer): DeleteAnswer {
  const { status, message } = answer;
  if (/denied the request|failed calling webhook/.test(message)) return { kind: "refused", message };
  if (status === 404) return { kind: "gone" };
  if (isUidConflict(answer)) return { kind: "gone" };
  if (status === 409 || status === 429 || status === 408 || status >= 500) return { kind: "transient", message };
  return { kind: "forbidden", message };
}

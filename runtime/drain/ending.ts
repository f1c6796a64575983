import type { DrainSettings } from "./settings.js";

/** How a drain ends (safe-cycle 69); `blocked` is a result, not an exception. */
export type Ending = "drained" | "refused" | "blocked" | "partial" | "cancelled" | "yielded";

/** An {@link Ending}, told apart by whether force was needed. */
export type DrainOutcome = Ending | "drained-with-force";

/** What the end depends on. */
export interface EndingFacts {
  readonly now: number;
  readonly isCancelled: boolean;
  readonly yieldAt: number | null;
  readonly deadlineAt: number;
  readonly hardStopAt: number;
  readonly policy: DrainSettings["policy"];
  /** Some look has succeeded, and the last one did. */
  readonly isSeeing: boolean;
  readonly hasRefusedNodes: boolean;
  /** Every node that is not refused is empty and was looked at again after settling (safe-cycle 21). */
  readonly areNodesEmpty: boolean;
  /** Nodes without pods whose volumes are still waited for, and those whose time for it is over (safe-cycle 51). */
  readonly detaching: number;
  readonly undetached: number;
  /** Pods that have not begun to leave, refused nodes apart. */
  readonly standing: number;
  /** Pods that terminate, within their bound or beyond it. */
  readonly terminating: number;
  /** Something set in motion before the deadline may still end well before the hard stop. */
  readonly isWorthWaiting: boolean;
}

/** How the drain ends now; null when it goes on. */
export function decideEnding(facts: EndingFacts): Ending | null {
  if (facts.isCancelled) return "cancelled";
  if (facts.yieldAt !== null && facts.now >= facts.yieldAt) return "yielded";
  if (!facts.isSeeing) return null;
  if (facts.standing + facts.terminating === 0) return endWithoutPods(facts);
  const isOver = facts.now >= facts.deadlineAt && (!facts.isWorthWaiting || facts.now >= facts.hardStopAt);
  if (!isOver) return null;
  return facts.policy === "wait" || facts.standing > 0 ? "blocked" : "partial";
}

/** Pods are gone; nodes have to settle, and to give their volumes back. */
function endWithoutPods(facts: EndingFacts): Ending | null {
  // Somebody who uncordons as often as we cordon must not keep the drain alive.
  if (!facts.areNodesEmpty) return facts.now >= facts.hardStopAt ? "blocked" : null;
  if (facts.detaching > 0) return null;
  // A volume that does not let go is AWS's to take with the instance, where force was declared.
  if (facts.undetached > 0 && facts.policy !== "force-at-deadline") return "blocked";
  return facts.hasRefusedNodes ? "refused" : "drained";
}

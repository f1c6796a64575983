import type { PodReport } from "../pod-hits.js";

/** Columns of {@link podRow}. */
export const POD_COLUMNS = ["POD", "NODE", "OWNER", "OUTCOME", "WHY"] as const;

/** One pod that was hit, in a row for people. */
export function podRow(pod: PodReport): readonly string[] {
  return [`${pod.namespace}/${pod.name}`, pod.node, pod.owner ?? "-", pod.outcome, reasonOf(pod)];
}

/** A pod that is gone needs no reason any more in the drain's eyes; who reads the report wants to know all the same. */
function reasonOf({ outcome, reason, forcedGraceSeconds, budgets, attempts }: PodReport): string {
  const held = budgets.map(({ name, needs, has }) => `budget ${name} needed ${needs}, had ${has}`).join(", ");
  const past = held === "" ? "" : `: ${held}`;
  if (forcedGraceSeconds !== null) {
    const force = `deleted with ${forcedGraceSeconds} s of grace after ${attempts} attempt(s)${past}`;
    return reason === null ? force : `${force}; ${reason}`;
  }
  if (reason !== null) return reason;
  if (outcome === "lost") return "nothing recreates it";
  return outcome === "scaled" ? `its workload was scaled to 0${past}` : "";
}

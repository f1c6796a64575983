import type { GroupReport, RunReport } from "../run/index.js";
import { endingOf } from "./exit-codes.js";

/** `managed/web 3 → 0`. The size after is a promise of the plan; only a run that got through has kept all of them. */
export function groupWords(group: GroupReport, report: Pick<RunReport, "result" | "steps">): string {
  const { id, before } = group;
  const after = desiredAfter(group, report);
  if (after === null) return `${id} ${before.desired}`;
  const asked = endingOf(report.result) === "done" ? "" : " (asked for)";
  return `${id} ${before.desired} → ${after}${asked}`;
}

/** Nodes that the group was asked to have, or by a dry run would be; null when the run did not come to that. */
export function desiredAfter({ id, after }: GroupReport, { steps }: Pick<RunReport, "steps">): number | null {
  const outcome = steps.find((step) => step.id === `resize ${id}`)?.outcome;
  return after !== null && (outcome === "done" || outcome === "planned") ? after.desired : null;
}

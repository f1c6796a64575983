import type { RunReport } from "../../runtime/run/index.js";

/** Epoch milliseconds of an instant of Monday, 2026-01-05, `19:30` in UTC; a full ISO text is taken as it is. */
export function at(text: string): number {
  return Date.parse(text.length === 5 ? `2026-01-05T${text}:00Z` : text);
}

/** The report of a sleep by calendar that got through in a minute and ended at `19:00`, unless told otherwise. */
export function runReport(changes: Partial<RunReport> = {}): RunReport {
  const finishedAt = changes.finishedAt ?? at("19:00");
  return {
    version: 1,
    reportId: `report-${String(finishedAt)}`,
    operationId: "op-1",
    clusterId: "111111111111/eu-west-1/pay",
    cycleId: "cycle-1",
    origin: "schedule",
    desired: "hibernated",
    requestReason: "end of window Mon-Fri 07:00-19:00",
    action: "hibernate",
    decisionReason: "It is running.",
    result: "completed",
    reached: "hibernated",
    startedAt: finishedAt - 60_000,
    finishedAt,
    steps: [],
    groups: [],
    drain: null,
    wake: null,
    wakeBudgets: null,
    drift: [],
    warnings: [],
    failure: null,
    summary: "pay: hibernated after 60.0 s.",
    ...changes,
  };
}

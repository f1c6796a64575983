import * as z from "zod";

import type { DesiredState } from "../schedule/index.js";
import type { RunReport } from "./report.js";

const reachedSchema = z.object({
  version: z.literal(1),
  /** The state last vouched for; null while a cycle is in between. */
  state: z.enum(["running", "hibernated"]).nullable(),
  /** Since when it has been in that state, as far as Curfew knows. */
  sinceAt: z.number(),
  /** What the last run was asked to reach. */
  desired: z.enum(["running", "hibernated"]),
  result: z.string(),
  reportId: z.string(),
  finishedAt: z.number(),
  summary: z.string(),
  failureCode: z.string().nullable(),
  drift: z.array(z.string()),
  /** Webhooks that the last run could not give back (safe-cycle W15); absent: none. */
  relaxedWebhooks: z.array(z.object({ webhook: z.string(), sinceAt: z.number(), why: z.string() })).optional(),
});

/** What the store remembers of a cluster's last run: enough for a status line without any call to AWS. */
export type Reached = z.output<typeof reachedSchema>;

/** The reached state after a run; `since` stays while the state does. */
export function reachedAfter(report: RunReport, before: Reached | null): Reached {
  const state: DesiredState | null = report.reached;
  return {
    version: 1,
    state,
    sinceAt: before !== null && before.state === state ? before.sinceAt : report.finishedAt,
    desired: report.desired,
    result: report.result,
    reportId: report.reportId,
    finishedAt: report.finishedAt,
    summary: report.summary,
    failureCode: report.failure?.code ?? null,
    drift: [...report.drift],
    ...(report.relaxedWebhooks ? { relaxedWebhooks: [...report.relaxedWebhooks] } : {}),
  };
}

/** Reads what the store remembers; null for nothing, or for a text that this version does not understand. */
export function parseReached(text: string | null): Reached | null {
  if (text === null) return null;
  try {
    return reachedSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

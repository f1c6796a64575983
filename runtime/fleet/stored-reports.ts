import * as z from "zod";

import type { StateStore, StoredReport } from "../ports/index.js";
import type { RunReport } from "../run/index.js";

const state = z.enum(["running", "hibernated"]);

/** What every reader leans on. The rest is passed on as it was written: reports of other versions may say more or less. */
const reportSchema = z.looseObject({
  version: z.literal(1),
  reportId: z.string(),
  clusterId: z.string(),
  cycleId: z.string().nullable(),
  origin: z.enum(["schedule", "person"]),
  desired: state,
  requestReason: z.string(),
  action: z.string().nullable(),
  decisionReason: z.string(),
  result: z.string(),
  reached: state.nullable(),
  startedAt: z.number(),
  finishedAt: z.number(),
  steps: z.array(z.looseObject({ id: z.string(), title: z.string(), outcome: z.string() })),
  groups: z.array(z.looseObject({ id: z.string(), before: z.looseObject({ desired: z.number() }) })),
  drift: z.array(z.string()),
  warnings: z.array(z.string()),
  failure: z.looseObject({ code: z.string(), message: z.string(), remedy: z.string() }).nullable(),
  summary: z.string(),
});

/** Which reports: those finished at or after `since` (epoch milliseconds), at most `limit` of all clusters together. */
export interface ReportQuery {
  readonly since: number;
  readonly limit: number;
}

/** What was found. */
export interface FoundReports {
  /** Newest first. */
  readonly reports: readonly RunReport[];
  /** There were more than `limit`; the oldest are left out. */
  readonly isCut: boolean;
  /** Ids of stored reports that this version does not understand; they count towards the limit. */
  readonly unreadable: readonly string[];
}

/** Reads the newest reports over any number of clusters, one cluster after the other, never holding more than two pages. */
export async function readReports(
  clusterIds: readonly string[],
  { since, limit }: ReportQuery,
  store: Pick<StateStore, "listReports">,
): Promise<FoundReports> {
  let newest: readonly StoredReport[] = [];
  for (const id of clusterIds) {
    const page = await store.listReports(id, { since, limit: limit + 1 });
    newest = [...newest, ...page].sort(byFinish).slice(0, limit + 1);
  }
  const shown = newest.slice(0, limit).map((stored) => ({ stored, report: parseReport(stored.body) }));
  return {
    reports: shown.flatMap(({ report }) => report ?? []),
    isCut: newest.length > limit,
    unreadable: shown.flatMap(({ stored, report }) => (report === null ? [stored.reportId] : [])),
  };
}

/** As stores order them. */
function byFinish(a: StoredReport, b: StoredReport): number {
  return b.finishedAt - a.finishedAt || (a.reportId < b.reportId ? 1 : -1);
}

function parseReport(text: string): RunReport | null {
  try {
    return reportSchema.parse(JSON.parse(text)) as unknown as RunReport;
  } catch {
    return null;
  }
}

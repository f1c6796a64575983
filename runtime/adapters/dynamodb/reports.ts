import { KEPT_REPORTS, type StateStore, type StoredReport } from "../../ports/state-store.js";
import { digest } from "./digest.js";
import { numberOf, textOf, type Item, type ItemKey } from "./item.js";
import { clusterPartition, sortableInstant } from "./keys.js";
import type { Table } from "./table.js";
import { IS_NEW } from "./write.js";

const PAGE_SIZE = 100;
const PREFIX = "REPORT#";
const MARK_PREFIX = "REPORTID#";
/** Of so many reports one looks for those that are too old; until then no list shows them. */
const TRIM_EVERY = 16;
/** Housekeeping for clusters that no longer report; the newest are counted, not timed. */
const KEPT_SECONDS = 400 * 24 * 3_600;

/** Report calls of the port. */
export type ReportCalls = Pick<StateStore, "addReport" | "listReports">;

/**
 * A report is filed by its instant. A small mark by its id comes first and says where: whoever adds the same id again
 * finds the mark and the report there, or files it there when the first attempt died in between. No transaction, which
 * would be charged twice for the report.
 */
export function reportCalls(table: Table): ReportCalls {
  return {
    async addReport(report) {
      const { clusterId, reportId, finishedAt, body } = report;
      const marked = await table.put({ item: markOf(report), condition: IS_NEW });
      const at = marked.kind === "refused" && marked.item ? numberOf(marked.item, "finishedAt") : finishedAt;
      const item = { ...keyOf({ clusterId, reportId, finishedAt: at }), clusterId, reportId, finishedAt: at, body };
      await table.put({ item: { ...item, purgeAtSeconds: purgeAtSeconds(at) }, condition: IS_NEW });
      if (digest(reportId).readUInt32BE() % TRIM_EVERY === 0) await trim(table, clusterId);
    },
    async listReports(clusterId, { since = 0, limit = PAGE_SIZE } = {}) {
      const values = { pk: clusterPartition(clusterId), from: PREFIX + sortableInstant(since), to: `${PREFIX}~` };
      const where = "#pk = :pk AND #sk BETWEEN :from AND :to";
      const items = await table.query({ where, values, isDescending: true, limit: Math.min(limit, KEPT_REPORTS) });
      return items.map(reportOf);
    },
  };
}

type ReportPlace = Pick<StoredReport, "clusterId" | "reportId" | "finishedAt">;

/** Looks at the marks only: a report is a hundred times as large. First the report goes, then its mark. */
async function trim(table: Table, clusterId: string): Promise<void> {
  const marks = await table.query({
    where: "#pk = :pk AND begins_with(#sk, :marks)",
    values: { pk: clusterPartition(clusterId), marks: MARK_PREFIX },
    limit: 2 * KEPT_REPORTS,
  });
  const places = marks.map((mark) => ({
    clusterId,
    reportId: textOf(mark, "sk").slice(MARK_PREFIX.length),
    finishedAt: numberOf(mark, "finishedAt"),
  }));
  const newestFirst = places.sort((a, b) => (keyOf(a).sk < keyOf(b).sk ? 1 : -1));
  for (const place of newestFirst.slice(KEPT_REPORTS)) {
    await table.remove(keyOf(place));
    await table.remove(markKey(place));
  }
}

function keyOf({ clusterId, reportId, finishedAt }: ReportPlace): ItemKey {
  return { pk: clusterPartition(clusterId), sk: `${PREFIX}${sortableInstant(finishedAt)}#${reportId}` };
}

function markKey({ clusterId, reportId }: ReportPlace): ItemKey {
  return { pk: clusterPartition(clusterId), sk: MARK_PREFIX + reportId };
}

function markOf(place: ReportPlace): Item & ItemKey {
  const { finishedAt } = place;
  return { ...markKey(place), finishedAt, purgeAtSeconds: purgeAtSeconds(finishedAt) };
}

function purgeAtSeconds(finishedAt: number): number {
  return Math.ceil(finishedAt / 1_000) + KEPT_SECONDS;
}

function reportOf(item: Item): StoredReport {
  return {
    clusterId: textOf(item, "clusterId"),
    reportId: textOf(item, "reportId"),
    finishedAt: numberOf(item, "finishedAt"),
    body: textOf(item, "body"),
  };
}

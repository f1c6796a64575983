import type { RunReport } from "../../run/index.js";
import { renderTable } from "../table.js";
import type { Terminal } from "../terminal.js";
import { markdownTable } from "./markdown.js";
import { reportCsv } from "./report-csv.js";
import { reportDetails } from "./report-details.js";
import type { ReportFormat } from "./report-format.js";
import { REPORT_COLUMNS, reportRow } from "./report-rows.js";

/** What to print, for whom. */
export interface RenderOptions {
  readonly format: Exclude<ReportFormat, "json">;
  /** In a table: everything about each run, instead of a row. */
  readonly isDetailed: boolean;
  /** Names a cluster by its id. */
  readonly label: (id: string) => string;
}

type Paint = Pick<Terminal, "paint">;

/** Documents carry no colours. */
const PLAIN: Paint = { paint: (_style, text) => text };

/** Reports as text, in the order given. */
export function renderReports(
  reports: readonly RunReport[],
  { format, isDetailed, label }: RenderOptions,
  terminal: Paint,
): string {
  const rows = (paint: Paint) => reports.map((report) => reportRow(report, label, paint));
  if (format === "csv") return reportCsv(reports);
  if (format === "markdown") return markdownTable(REPORT_COLUMNS, rows(PLAIN));
  if (reports.length === 0) return "No run is on record.";
  if (!isDetailed) return renderTable(REPORT_COLUMNS, rows(terminal), terminal);
  return reports.map((report) => reportDetails(report, label(report.clusterId), terminal)).join("\n\n");
}

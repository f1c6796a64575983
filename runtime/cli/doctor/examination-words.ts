import type { Check, CheckStatus, Finding } from "../../doctor/index.js";
import { renderTable } from "../table.js";
import type { Style, Terminal } from "../terminal.js";
import { verdictWord, type Examination } from "./examination.js";
import { wrapText } from "./wrap-text.js";

/** Columns for what was found; the others take about 28. */
const FINDING_COLUMNS = 92;

const STYLES: Readonly<Record<CheckStatus, Style>> = { ok: "green", warning: "yellow", blocked: "red", unknown: "dim" };

/** All that was found, for people: of one cluster everything, of several an overview and what needs a look. */
export function examinationText(examinations: readonly Examination[], terminal: Terminal): string {
  const [only] = examinations;
  if (only !== undefined && examinations.length === 1) return chapter(only, only.checks, terminal);
  const needing = examinations.filter(
    ({ verdict, failure }) => failure !== null || (verdict !== null && verdict !== "ok"),
  );
  const chapters = needing.map((one) =>
    chapter(one, one.checks.filter(({ status }) => status !== "ok").map(withoutNotes), terminal),
  );
  return [overview(examinations, terminal), ...chapters].join("\n\n");
}

function withoutNotes(check: Check): Check {
  return { ...check, findings: check.findings.filter(({ status }) => status !== "ok") };
}

function overview(examinations: readonly Examination[], terminal: Terminal): string {
  const count = ({ checks }: Examination, status: CheckStatus) =>
    checks
      .filter((check) => check.status === status)
      .map(({ check }) => check)
      .join(", ") || "-";
  const rows = examinations.map((one) => [
    ...[one.cluster, one.account, one.region, paintVerdict(one, terminal)],
    ...[count(one, "blocked"), count(one, "warning"), count(one, "unknown")],
  ]);
  return renderTable(["CLUSTER", "ACCOUNT", "REGION", "VERDICT", "BLOCKED BY", "WARNINGS", "UNKNOWN"], rows, terminal);
}

function chapter(examination: Examination, checks: readonly Check[], terminal: Terminal): string {
  const { cluster, account, region, failure, exclusion } = examination;
  const title = `${terminal.paint("bold", cluster)} (${account}, ${region}): ${paintVerdict(examination, terminal)}`;
  if (failure !== null) return `${title}\n[${failure.code}] ${failure.message} ${failure.remedy}`;
  if (exclusion !== null) return `${title}\n${exclusion}`;
  const rows = checks.map(({ check, status, findings }) => [
    ...[check, terminal.paint(STYLES[status], status)],
    findings.map(findingText).join("\n"),
  ]);
  return `${title}\n${renderTable(["CHECK", "STATUS", "FOUND"], rows, terminal)}`;
}

function paintVerdict(examination: Examination, { paint }: Terminal): string {
  const style = examination.verdict === null ? "yellow" : STYLES[examination.verdict];
  return paint(style, verdictWord(examination));
}

function findingText({ what, remedy }: Finding): string {
  return [
    ...wrapText(what, FINDING_COLUMNS),
    ...(remedy === null ? [] : wrapText(`=> ${remedy}`, FINDING_COLUMNS)),
  ].join("\n");
}

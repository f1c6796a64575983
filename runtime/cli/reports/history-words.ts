import type { HistoryEvent } from "../../fleet/index.js";
import type { RunReport } from "../../run/index.js";
import { groupWords } from "../group-words.js";
import { isoOf } from "../instant.js";
import { askerOf, podHitWords, tookOf, verbOf } from "./report-words.js";

/** One event as a sentence without its instant. */
export function sentenceOf(event: HistoryEvent): string {
  switch (event.kind) {
    case "held":
      return `held ${event.hold.state} until ${isoOf(event.hold.until)} by ${event.hold.owner}: ${event.hold.reason} (in force now)`;
    case "run":
      return runSentence(event.report);
    case "cycle-opened":
      return `the sizes to restore were saved: cycle ${event.cycleId} opened`;
    case "cycle-retired":
      return `cycle ${event.cycleId}, opened at ${isoOf(event.openedAt)}, was closed: its saved sizes are kept for audit only`;
  }
}

function runSentence(report: RunReport): string {
  const { result, failure, groups, decisionReason } = report;
  const asked = `${verbOf(report)} for ${askerOf(report)}`;
  const facts = [
    ...groups.map((group) => groupWords(group, report)),
    ...podHitWords(report).map((hit) => `pods ${hit}`),
  ];
  const reason = failure === null ? decisionReason : `[${failure.code}] ${failure.message}`;
  const end = [`${result} after ${tookOf(report)}`, ...facts].join(", ");
  return `${asked}: ${end}${reason === "" ? "" : `. ${reason}`}`;
}

import type { Cause, NotedHold, Why } from "../../fleet/index.js";
import type { RunReport } from "../../run/index.js";
import type { DesiredState, Verdict } from "../../schedule/index.js";
import { isoOf } from "../instant.js";
import { askerOf, verbOf } from "./report-words.js";

/** Whom and when an answer is about. */
export interface WhyQuestion {
  readonly name: string;
  readonly at: number;
  readonly now: number;
  readonly hold: NotedHold | null;
}

/** The answer as a short paragraph. */
export function answerOf(why: Why, question: WhyQuestion): string {
  const { cause, verdict, calendar } = why;
  const { name, at, now } = question;
  if (cause.kind === "excluded" || verdict === null) {
    const reason = cause.kind === "excluded" ? cause.reason : "";
    return `${name} is excluded (${reason}): Curfew never touches it, so it is as others left it.`;
  }
  const sentences = [
    `${at === now ? "" : `At ${isoOf(at)}: `}${headOf(why, verdict.state, name)}`,
    ...wishSentences(verdict, calendar, question.hold),
    ...causeSentences(cause),
    ...(at === now ? remedySentences(cause, verdict.state, name) : []),
  ];
  return sentences.join(" ");
}

function headOf({ cause, reached, lastKnown }: Why, wanted: DesiredState, name: string): string {
  const known = lastKnown === null ? "" : ` (last known ${lastKnown.state}, at ${isoOf(lastKnown.sinceAt)})`;
  if (cause.kind === "ahead") return `${name} will be wanted ${wanted}.`;
  if (cause.kind === "never-run") return `whether ${name} is up is not known; it should be ${wanted}.`;
  if (cause.kind === "under-way") return `${name} is between two states${known}; it should be ${wanted}.`;
  if (reached === null) return `${name} is in no state that Curfew can vouch for${known}; it should be ${wanted}.`;
  const since = `${reached.state} since ${isoOf(reached.sinceAt)}`;
  if (cause.kind === "as-wanted") return `${name} is ${since}, as wanted.`;
  if (cause.kind === "left-so") return `${name} counts as ${since}, as wanted, but something differs.`;
  return `${name} is ${since}, but should be ${wanted}.`;
}

function wishSentences(verdict: Verdict, calendar: Verdict | null, hold: NotedHold | null): readonly string[] {
  if (hold === null) return [calendarSentence(verdict)];
  const held = `A hold by ${hold.owner} wants it ${hold.state} until ${isoOf(hold.until)}: ${hold.reason}.`;
  if (calendar === null || calendar.state === hold.state) return [held];
  return [held, `Without it the calendar would want it ${calendar.state} (${calendar.rule}).`];
}

function calendarSentence({ state, rule, since, next }: Verdict): string {
  const from = since === null ? "" : ` since ${isoOf(since)}`;
  const then = next === null ? "and no change is to come" : `from ${isoOf(next.at)} on ${next.to} (${next.rule})`;
  return `The calendar wants it ${state}${from} (${rule}), ${then}.`;
}

function causeSentences(cause: Cause): readonly string[] {
  switch (cause.kind) {
    case "excluded":
    case "ahead":
      return [];
    case "never-run":
      return ["No run is on record."];
    case "under-way":
      return [underWaySentence(cause)];
    case "as-wanted":
    case "left-so":
      return [runSentence(cause.report), ...notesOf(cause.report)];
    case "no-run-since":
      return ["No run has ended since that was wanted.", runSentence(cause.report)];
    case "asked-otherwise":
    case "not-reached":
      return [runSentence(cause.report)];
  }
}

/** What takes it there where no failure says so already. */
function remedySentences({ kind }: Cause, wanted: DesiredState, name: string): readonly string[] {
  const isWaiting = kind === "never-run" || kind === "no-run-since" || kind === "asked-otherwise";
  const command = wanted === "running" ? "wake" : "hibernate";
  return isWaiting ? [`\`curfew ${command} ${name}\` or \`pulumi up\` takes it there.`] : [];
}

function underWaySentence({ desired, startedAt, endedAt }: Extract<Cause, { kind: "under-way" }>): string {
  const run = `A ${verbOf({ desired })} began at ${isoOf(startedAt)}`;
  return endedAt === null
    ? `${run} and has not ended: it is at work, or its process died and the next run goes on where it stopped.`
    : `${run} and ended at ${isoOf(endedAt)}.`;
}

function runSentence(report: RunReport): string {
  const { failure, finishedAt, result, decisionReason } = report;
  const run = `The last run, a ${verbOf(report)} for ${askerOf(report)}, ended at ${isoOf(finishedAt)}`;
  if (failure !== null) return `${run}, ${result} [${failure.code}]: ${failure.message} ${failure.remedy}`;
  if (result === "yielded") return `${run}, out of its budget: the next one goes on where it stopped.`;
  return result === "nothing-to-do" ? `${run} with nothing to do: ${decisionReason}` : `${run}, ${result}.`;
}

/** What a run left as it found it. What a wake found changed is its report's matter. */
function notesOf({ action, drift }: RunReport): readonly string[] {
  return action === "nothing" ? drift : [];
}

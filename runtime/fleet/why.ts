import type { RunReport } from "../run/index.js";
import { evaluate, type DesiredState, type Schedule, type Verdict } from "../schedule/index.js";
import type { NotedHold } from "./hold.js";
import type { OpenAttempt } from "./open-attempt.js";

/** What is declared and remembered of one cluster, and the instant that is asked about. */
export interface WhyFacts {
  readonly at: number;
  readonly now: number;
  /** Why nothing may touch it; null for the others. */
  readonly exclusion: string | null;
  /** As declared now; null for an excluded cluster. */
  readonly schedule: Schedule | null;
  /** The hold in force at `at`. */
  readonly hold: NotedHold | null;
  /** Newest first. */
  readonly reports: readonly RunReport[];
  readonly attempt: OpenAttempt | null;
}

/** Why the state reached is, or is not, the one wanted. */
export type Cause =
  | { readonly kind: "excluded"; readonly reason: string }
  /** The instant is still to come, so nothing has been reached. */
  | { readonly kind: "ahead" }
  /** A run was at work; `endedAt` null: it is still, or its process died. */
  | {
      readonly kind: "under-way";
      readonly desired: DesiredState;
      readonly startedAt: number;
      readonly endedAt: number | null;
    }
  | { readonly kind: "never-run" }
  | { readonly kind: "as-wanted"; readonly report: RunReport }
  /** The last run left it so on purpose and noted what differs: a start by hand is respected (safe-cycle W3). */
  | { readonly kind: "left-so"; readonly report: RunReport }
  /** The last run ended before this state was wanted. */
  | { readonly kind: "no-run-since"; readonly report: RunReport }
  /** The last run was asked for the other state. */
  | { readonly kind: "asked-otherwise"; readonly report: RunReport }
  /** The last run was asked for this state and did not get there. */
  | { readonly kind: "not-reached"; readonly report: RunReport };

/** A state that runs vouched for, and when the first of them in a row ended. */
export interface KnownState {
  readonly state: DesiredState;
  readonly sinceAt: number;
}

/** The answer to "why is it up (or down)". */
export interface Why {
  /** Null for an excluded cluster. */
  readonly verdict: Verdict | null;
  /** What the calendar alone would want; differs from `verdict` only under a hold. */
  readonly calendar: Verdict | null;
  /** As Curfew left it; null when it is between two states, unknown, or still to come. */
  readonly reached: KnownState | null;
  /** The newest state that any run vouched for. */
  readonly lastKnown: KnownState | null;
  readonly lastReport: RunReport | null;
  readonly cause: Cause;
}

/** Explains a cluster's state at an instant, past, present or to come, from memory alone. Pure. */
export function explainState(facts: WhyFacts): Why {
  const { at, now, schedule, hold } = facts;
  const verdict = schedule === null ? null : evaluate(schedule, at, hold ?? undefined);
  const ended = facts.reports.filter(({ finishedAt }) => finishedAt <= at);
  const [lastReport = null] = ended;
  const lastKnown = lastKnownState(ended);
  const cause = causeOf(facts, verdict, lastReport);
  const isVouchedFor = at <= now && cause.kind !== "under-way" && lastReport !== null && lastReport.reached !== null;
  return {
    verdict,
    calendar: schedule === null ? null : evaluate(schedule, at),
    reached: isVouchedFor ? lastKnown : null,
    lastKnown,
    lastReport,
    cause,
  };
}

/** The newest state vouched for, since the oldest of the reports in a row that vouch for it; `reports` newest first. */
function lastKnownState(reports: readonly RunReport[]): KnownState | null {
  let known: KnownState | null = null;
  for (const { reached: state, finishedAt } of reports) {
    if (known !== null && state !== known.state) break;
    if (state !== null) known = { state, sinceAt: finishedAt };
  }
  return known;
}

function causeOf(facts: WhyFacts, verdict: Verdict | null, last: RunReport | null): Cause {
  if (facts.exclusion !== null || verdict === null) return { kind: "excluded", reason: facts.exclusion ?? "" };
  if (facts.at > facts.now) return { kind: "ahead" };
  const underWay = runUnderWay(facts);
  if (underWay) return underWay;
  if (last === null) return { kind: "never-run" };
  if (last.reached === verdict.state) return { kind: isLeftSo(last) ? "left-so" : "as-wanted", report: last };
  // Since when a hold is wanted the calendar does not know.
  const wantedAt = verdict.since ?? facts.hold?.notedAt ?? -Infinity;
  if (last.finishedAt < wantedAt) return { kind: "no-run-since", report: last };
  return { kind: last.desired === verdict.state ? "not-reached" : "asked-otherwise", report: last };
}

function runUnderWay({ at, reports, attempt }: WhyFacts): Cause | null {
  const during = reports.find(({ startedAt, finishedAt }) => startedAt <= at && at < finishedAt);
  if (during !== undefined && during.action !== null && during.action !== "nothing") {
    const { desired, startedAt, finishedAt } = during;
    return { kind: "under-way", desired, startedAt, endedAt: finishedAt };
  }
  if (attempt === null || attempt.startedAt > at) return null;
  // A run that ended since has said more than its journal does.
  const hasReport = reports.some(({ finishedAt }) => finishedAt >= attempt.startedAt);
  return hasReport ? null : { kind: "under-way", ...attempt, endedAt: null };
}

function isLeftSo({ action, drift }: RunReport): boolean {
  return action === "nothing" && drift.length > 0;
}

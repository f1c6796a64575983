import type { DesiredState } from "./desired-state.js";
import type { Schedule } from "./schedule.js";
import { spanAt } from "./span.js";
import type { Hold, Span } from "./span.js";

/** What a schedule wants at one instant. */
export interface Verdict {
  readonly state: DesiredState;
  /** Which window, holiday, exception or hold decided, in words for a person. */
  readonly rule: string;
  /**
   * Epoch milliseconds of the last change to this state. Null when there was none, and under a
   * hold: when that was made is not recorded.
   */
  readonly since: number | null;
  /** The next change, or null when none will ever come. */
  readonly next: Transition | null;
}

/** One change of the state wanted. */
export interface Transition {
  /** Epoch milliseconds; from this instant on the new state is wanted. */
  readonly at: number;
  readonly to: DesiredState;
  /** What decides for the new state, in words. */
  readonly rule: string;
}

/**
 * What the schedule wants at an instant (epoch milliseconds), why, since when, and what comes next.
 * The answer follows from the calendar alone, not from events, so that asking late, twice or out of
 * order does no harm. `since` and `next` are changes of state: windows that touch do not blink.
 */
export function evaluate(schedule: Schedule, at: number, hold?: Hold): Verdict {
  const span = spanAt(schedule, at, hold);
  const next = changeAfter(schedule, span, hold);
  const since = beginningOf(schedule, span, hold);
  return {
    state: span.state,
    rule: span.rule,
    since: since === -Infinity ? null : since,
    next: next === null ? null : transitionTo(next),
  };
}

/**
 * All changes of state with `from <= at < to` (epoch milliseconds), in order. Each goes to the
 * opposite of the one before.
 */
export function transitions(schedule: Schedule, from: number, to: number, hold?: Hold): readonly Transition[] {
  const found: Transition[] = [];
  let next = changeAfter(schedule, spanAt(schedule, from - 1, hold), hold);
  while (next !== null && next.fromAt < to) {
    found.push(transitionTo(next));
    next = changeAfter(schedule, next, hold);
  }
  return found;
}

const transitionTo = ({ fromAt, state, rule }: Span): Transition => ({
  at: fromAt,
  to: state,
  rule,
});

/** The first later span of the other state, which begins at the change. */
function changeAfter(schedule: Schedule, span: Span, hold: Hold | undefined): Span | null {
  let next = span;
  while (next.state === span.state) {
    if (next.toAt === Infinity) return null;
    next = spanAt(schedule, next.toAt, hold);
  }
  return next;
}

/** When the state of a span began. */
function beginningOf(schedule: Schedule, span: Span, hold: Hold | undefined): number {
  let first = span;
  while (first.fromAt !== -Infinity) {
    const previous = spanAt(schedule, first.fromAt - 1, hold);
    if (previous.state !== span.state) break;
    first = previous;
  }
  return first.fromAt;
}

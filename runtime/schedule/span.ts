import { lastIndexAtOrBelow } from "./sorted.js";
import type { DesiredState } from "./desired-state.js";
import type { Schedule } from "./schedule.js";
import { DAY_MS, dayOf } from "./wall-time.js";
import type { WallSpan } from "./wall-span.js";
import { patternSpanAt } from "./window-pattern.js";
import { zoneClock } from "./zone-clock.js";

/** A person's wish that overrides the calendar until it expires by itself. */
export interface Hold {
  readonly state: DesiredState;
  /** Epoch milliseconds; at this instant the calendar rules again. */
  readonly until: number;
  readonly reason: string;
  readonly owner: string;
}

/** A stretch of time decided by one rule: `fromAt` included, `toAt` not; infinite where it has no end. */
export interface Span {
  readonly state: DesiredState;
  readonly rule: string;
  readonly fromAt: number;
  readonly toAt: number;
}

/**
 * The span that holds an instant. The strongest voice decides: hold, then exception, then holiday,
 * then windows. Neighbouring spans may be of one state.
 */
export function spanAt(schedule: Schedule, at: number, hold: Hold | undefined): Span {
  if (hold !== undefined && at < hold.until) return holdSpan(hold);
  const { exceptions } = schedule;
  const index = lastIndexAtOrBelow(exceptions, at, ({ fromAt }) => fromAt);
  const previous = exceptions[index];
  const since = Math.max(previous?.toAt ?? -Infinity, hold?.until ?? -Infinity);
  if (previous !== undefined && at < previous.toAt) {
    return {
      ...previous,
      fromAt: Math.max(previous.fromAt, hold?.until ?? -Infinity),
    };
  }
  const calendar = calendarSpanAt(schedule, at);
  return {
    ...calendar,
    fromAt: Math.max(calendar.fromAt, since),
    toAt: Math.min(calendar.toAt, exceptions[index + 1]?.fromAt ?? Infinity),
  };
}

/** When a hold was made is not known, so it counts as having always been there. */
const holdSpan = ({ state, until, owner, reason }: Hold): Span => ({
  state,
  rule: `hold by ${owner}: ${reason}`,
  fromAt: -Infinity,
  toAt: until,
});

/** Windows and holidays, brought from wall time to instants. */
function calendarSpanAt(schedule: Schedule, at: number): Span {
  const clock = zoneClock(schedule.timezone);
  const span = wallSpanAt(schedule, clock.wallAt(at));
  return {
    state: span.isOpen ? "running" : "hibernated",
    rule: span.rule,
    fromAt: clock.instantOf(span.fromWallMs),
    toAt: clock.instantOf(span.toWallMs),
  };
}

/** A holiday hides windows without closing them: one that is still open after 24:00 shows again. */
function wallSpanAt({ windows, holidays }: Schedule, wallMs: number): WallSpan {
  const today = dayOf(wallMs);
  const index = lastIndexAtOrBelow(holidays, today, ({ day }) => day);
  const holiday = holidays[index];
  if (holiday?.day === today) {
    return {
      isOpen: false,
      rule: holiday.rule,
      fromWallMs: holiday.runFromDay * DAY_MS,
      toWallMs: holiday.runToDay * DAY_MS,
    };
  }
  const span = patternSpanAt(windows, wallMs);
  if (holidays.length === 0) return span;
  const next = holidays[index + 1];
  return {
    ...span,
    fromWallMs: Math.max(span.fromWallMs, (holiday?.runToDay ?? -Infinity) * DAY_MS),
    toWallMs: Math.min(span.toWallMs, (next?.day ?? Infinity) * DAY_MS),
  };
}

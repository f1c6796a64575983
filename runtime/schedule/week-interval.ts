import { firingAfter } from "./cron-times.js";
import type { CronTimes } from "./cron-times.js";
import { DAY_MINUTES, MINUTE_MS, positiveRemainder } from "./wall-time.js";

/** Minutes of a week. Minute 0 is the start of Thursday, as at the wall time 0 (1970-01-01). */
export const WEEK_MINUTES = 7 * DAY_MINUTES;

/** A stretch of the week in which one window is open, from a minute of the week on. */
export interface WeekInterval {
  /** 0 to {@link WEEK_MINUTES} - 1. */
  readonly fromMinute: number;
  /** Above 0; the stretch may run over the end of the week. */
  readonly lengthMinutes: number;
}

const THURSDAY = 4;

/** Minute of the week of a time on a weekday (0 is Sunday). */
export const weekMinute = (weekday: number, minuteOfDay: number): number =>
  positiveRemainder(weekday - THURSDAY, 7) * DAY_MINUTES + minuteOfDay;

const EVERY_MONTH = 0b1_1111_1111_1110;

/** Does it fire at the same minutes in every week? */
export const isWeekly = ({ months, days }: CronTimes): boolean =>
  months === EVERY_MONTH && (days.by === "any" || (days.by === "weekday" && days.lastWeekdays === 0));

/**
 * One interval per firing of `start` in a week, each up to the next firing of `stop` after it.
 * Both must be weekly.
 */
export function weekIntervals(start: CronTimes, stop: CronTimes): readonly WeekInterval[] {
  const intervals: WeekInterval[] = [];
  let startWallMs = firingAfter(start, -1);
  while (startWallMs < WEEK_MINUTES * MINUTE_MS) {
    const lengthMs = firingAfter(stop, startWallMs) - startWallMs;
    intervals.push({
      fromMinute: startWallMs / MINUTE_MS,
      lengthMinutes: lengthMs / MINUTE_MS,
    });
    startWallMs = firingAfter(start, startWallMs);
  }
  return intervals;
}

import { firingAfter } from "./cron-times.js";
import type { CronTimes } from "./cron-times.js";
import { DAY_MINUTES, DAY_MS, MINUTE_MS } from "./wall-time.js";

/** 28 years from 2001: every weekday has met every date, Februaries of leap years included. */
const SURVEY_FROM_DAY = 11_323;
const SURVEY_TO_DAY = SURVEY_FROM_DAY + 28 * 365 + 7;

/**
 * The shortest wall time from a firing of `start` to the next firing of `stop`, as far as it is
 * below `limitMinutes`; null when none is.
 */
export function shortestBelow(limitMinutes: number, start: CronTimes, stop: CronTimes): number | null {
  if (limitMinutes <= DAY_MINUTES && !areTimesCloser(limitMinutes, start, stop)) return null;
  let shortest = limitMinutes;
  let from = firingAfter(start, SURVEY_FROM_DAY * DAY_MS - MINUTE_MS);
  while (from < SURVEY_TO_DAY * DAY_MS) {
    shortest = Math.min(shortest, (firingAfter(stop, from) - from) / MINUTE_MS);
    from = firingAfter(start, from);
  }
  return shortest < limitMinutes ? shortest : null;
}

/** Cheap look at the times of day alone, which settles nearly every case. */
function areTimesCloser(limitMinutes: number, start: CronTimes, stop: CronTimes): boolean {
  return start.minutesOfDay.some((from) =>
    stop.minutesOfDay.some((to) => (to > from ? to - from : to - from + DAY_MINUTES) < limitMinutes),
  );
}

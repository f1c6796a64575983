import { lastIndexAtOrBelow } from "./sorted.js";
import { dayOf, DAY_MS, MINUTE_MS } from "./wall-time.js";
import { daysIn, monthOf, nextMonth, previousMonth } from "./month-days.js";
import type { DayRule, Month } from "./month-days.js";

/**
 * The wall times at which a cron expression fires, as sets that can be searched without walking:
 * a day is found by arithmetic on one bit mask per month.
 */
export interface CronTimes {
  /** Ascending, none twice. */
  readonly minutesOfDay: readonly number[];
  /** Bit m for month m (1-12). */
  readonly months: number;
  readonly days: DayRule;
}

/** The last firing at or before a wall time. */
export function firingAtOrBefore(times: CronTimes, wallMs: number): number {
  const today = dayOf(wallMs);
  const minute = Math.floor((wallMs - today * DAY_MS) / MINUTE_MS);
  const index = lastIndexAtOrBelow(times.minutesOfDay, minute, (entry) => entry);
  const day = lastDay(times, index < 0 ? today - 1 : today);
  return wallOf(day, times.minutesOfDay.at(day === today ? index : -1));
}

/** The first firing after a wall time. */
export function firingAfter(times: CronTimes, wallMs: number): number {
  const today = dayOf(wallMs);
  const minute = Math.floor((wallMs - today * DAY_MS) / MINUTE_MS);
  const index = lastIndexAtOrBelow(times.minutesOfDay, minute, (entry) => entry) + 1;
  const day = firstDay(times, index === times.minutesOfDay.length ? today + 1 : today);
  return wallOf(day, times.minutesOfDay.at(day === today ? index : 0));
}

/** The wall times of one day of `times`, for a day on which it fires. */
const wallOf = (day: number, minuteOfDay = 0): number => day * DAY_MS + minuteOfDay * MINUTE_MS;

/** The Gregorian calendar repeats after 400 years; what has not fired by then never does. */
const CYCLE_MONTHS = 4_800;

/** The first firing day at or after a day. */
function firstDay(times: CronTimes, fromDay: number): number {
  let month = monthOf(fromDay);
  let wanted = -1 << (fromDay - month.firstDay);
  for (let step = 0; step < CYCLE_MONTHS; step++) {
    const days = firingDays(times, month) & wanted;
    if (days !== 0) return month.firstDay + lowestBit(days);
    month = nextMonth(month);
    wanted = -1;
  }
  throw new Error("a cron expression that never fires must not pass the parser");
}

/** The last firing day at or before a day. */
function lastDay(times: CronTimes, upToDay: number): number {
  let month = monthOf(upToDay);
  let wanted = 2 ** (upToDay - month.firstDay + 1) - 1;
  for (let step = 0; step < CYCLE_MONTHS; step++) {
    const days = firingDays(times, month) & wanted;
    if (days !== 0) return month.firstDay + highestBit(days);
    month = previousMonth(month);
    wanted = -1;
  }
  throw new Error("a cron expression that never fires must not pass the parser");
}

const firingDays = ({ months, days }: CronTimes, month: Month): number =>
  ((months >>> month.month) & 1) === 1 ? daysIn(days, month) : 0;

const lowestBit = (mask: number): number => 31 - Math.clz32(mask & -mask);
const highestBit = (mask: number): number => 31 - Math.clz32(mask);

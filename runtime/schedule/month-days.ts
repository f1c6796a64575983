import { DAY_MS, weekdayOf } from "./wall-time.js";

/** Which days of a month: all, some by number (bit d-1 for day d), or some by weekday (bit 0 is Sunday). */
export type DayRule =
  | { readonly by: "any" }
  | { readonly by: "number"; readonly numbers: number; readonly last: boolean }
  | {
      readonly by: "weekday";
      readonly weekdays: number;
      readonly lastWeekdays: number;
    }
  | {
      readonly by: "nth-weekday";
      readonly weekdays: number;
      readonly nth: number;
    };

/** One month of the Gregorian calendar. */
export interface Month {
  readonly year: number;
  /** 1-12. */
  readonly month: number;
  /** Day number of its first day. */
  readonly firstDay: number;
}

/** The days of one month that obey the rule: bit d-1 for day d. */
export function daysIn(days: DayRule, { firstDay: first, year, month }: Month): number {
  const length = lengthOf(year, month);
  const all = 2 ** length - 1;
  switch (days.by) {
    case "any":
      return all;
    case "number":
      return (days.numbers & all) | (days.last ? 1 << (length - 1) : 0);
    case "weekday":
      return (
        eachWeekday(days.weekdays, (weekday) => weekdayMask(first, weekday) & all) |
        eachWeekday(days.lastWeekdays, (weekday) => highestOf(weekdayMask(first, weekday) & all))
      );
    case "nth-weekday":
      return (
        all &
        eachWeekday(
          days.weekdays,
          // Not a shift: that would wrap a fifth weekday the month has not round to a first one.
          (weekday) => 2 ** (firstOffset(first, weekday) + 7 * (days.nth - 1)),
        )
      );
  }
}

function eachWeekday(weekdays: number, maskOf: (weekday: number) => number): number {
  let mask = 0;
  for (let weekday = 0; weekday < 7; weekday++) {
    if (((weekdays >>> weekday) & 1) === 1) mask |= maskOf(weekday);
  }
  return mask;
}

/** Days from the first of the month to its first such weekday. */
const firstOffset = (firstDayOfMonth: number, weekday: number): number =>
  (weekday - weekdayOf(firstDayOfMonth) + 7) % 7;

/** Bits 0, 7, 14, 21 and 28: every seventh day. */
const EVERY_SEVENTH = 0x10204081;

const weekdayMask = (firstDayOfMonth: number, weekday: number): number =>
  EVERY_SEVENTH << firstOffset(firstDayOfMonth, weekday);

const highestOf = (mask: number): number => 1 << (31 - Math.clz32(mask));

/** The month in which a day number lies. */
export function monthOf(day: number): Month {
  const date = new Date(day * DAY_MS);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    firstDay: day - date.getUTCDate() + 1,
  };
}

/** The month after. */
export function nextMonth({ year, month, firstDay: first }: Month): Month {
  const firstOfNext = first + lengthOf(year, month);
  return month === 12
    ? { year: year + 1, month: 1, firstDay: firstOfNext }
    : { year, month: month + 1, firstDay: firstOfNext };
}

/** The month before. */
export function previousMonth({ year, month, firstDay: first }: Month): Month {
  const previous = month === 1 ? { year: year - 1, month: 12 } : { year, month: month - 1 };
  return {
    ...previous,
    firstDay: first - lengthOf(previous.year, previous.month),
  };
}

const MONTH_LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

function lengthOf(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return (MONTH_LENGTHS[month - 1] ?? 0) + (month === 2 && isLeap ? 1 : 0);
}

import { parseIcalDates } from "./ical-dates.js";
import { pathTo } from "./problem.js";
import type { Parsed, Problem } from "./problem.js";
import type { CalendarInput } from "./schedule-input.js";
import { dateOf, parseDay } from "./wall-time.js";

/**
 * Reads one holiday calendar: its dates as day numbers (days since 1970-01-01), ascending, none
 * twice. Reports every date that is none.
 * @param path where the calendar stands in config, such as `calendars.nsw`
 */
export function parseCalendar(input: CalendarInput, path: string): Parsed<readonly number[]> {
  if ("dates" in input) return parseDates(input.dates, pathTo(path, "dates"));
  const dates = parseIcalDates(input.ical);
  return dates.ok
    ? parseDates(dates.value, path)
    : {
        ok: false,
        problems: [{ path: pathTo(path, "ical"), message: dates.message }],
      };
}

function parseDates(dates: readonly string[], path: string): Parsed<readonly number[]> {
  const problems: Problem[] = [];
  const days = new Set<number>();
  for (const [index, text] of dates.entries()) {
    const day = parseDay(text);
    if (day !== null) days.add(day);
    else {
      problems.push({
        path: pathTo(path, index),
        message: `"${text}" is not a date: write one such as "2026-12-25"`,
      });
    }
  }
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, value: [...days].sort((one, other) => one - other) };
}

/** The calendar that holds exactly these days, written out. */
export const calendarOf = (days: readonly number[]): CalendarInput => ({
  dates: days.map(dateOf),
});

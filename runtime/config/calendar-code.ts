import type { CalendarInput } from "../schedule/index.js";

/**
 * Dates in a short form for storage: a day that comes back in consecutive years is written once, as
 * `2026/2100-12-25`. A yearly event without end fills an iCalendar file's whole horizon, and 75 dates for
 * each of them would not fit a declaration.
 */
export function encodeDates(dates: readonly string[]): readonly string[] {
  const yearsByDay = Map.groupBy(dates.toSorted(), (date) => date.slice(5));
  return [...yearsByDay].flatMap(([day, sameDays]) =>
    yearRuns(sameDays.map((date) => Number(date.slice(0, 4)))).map(([from, to]) =>
      from === to ? `${written(from)}-${day}` : `${written(from)}/${written(to)}-${day}`,
    ),
  );
}

/** What {@link encodeDates} shortened, as dates in ascending order. What is no run of years stays as it is. */
export function decodeDates(codes: readonly string[]): CalendarInput {
  return { dates: codes.flatMap(datesOf).sort() };
}

function datesOf(code: string): readonly string[] {
  const [, from, to, day] = /^(\d{4})\/(\d{4})-(\d\d-\d\d)$/.exec(code) ?? [];
  if (from === undefined || to === undefined || day === undefined) return [code];
  const length = Math.max(0, Number(to) - Number(from) + 1);
  return Array.from({ length }, (_, index) => `${written(Number(from) + index)}-${day}`);
}

function yearRuns(years: readonly number[]): readonly (readonly [from: number, to: number])[] {
  const runs: [number, number][] = [];
  for (const year of years) {
    const last = runs.at(-1);
    if (last?.[1] === year - 1) last[1] = year;
    else runs.push([year, year]);
  }
  return runs;
}

const written = (year: number): string => String(year).padStart(4, "0");

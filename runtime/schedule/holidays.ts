import { calendarOf, parseCalendar } from "./calendar.js";
import { closestOf } from "./closest.js";
import { deepFreeze } from "./frozen.js";
import type { Parsed, Placed, Problem } from "./problem.js";
import type { CalendarsInput } from "./schedule-input.js";
import { dateOf } from "./wall-time.js";

/** One hidden wall day, within its run of hidden days. */
export interface HolidayDay {
  readonly day: number;
  readonly rule: string;
  /** First day of the run. */
  readonly runFromDay: number;
  /** The day after the run. */
  readonly runToDay: number;
}

/** What a schedule needs of its calendars: the days to hide, and the calendars it names, as dates. */
export interface Holidays {
  /** Ascending. */
  readonly days: readonly HolidayDay[];
  readonly calendars: CalendarsInput;
}

/** No day is hidden. */
const NO_HOLIDAYS: Holidays = deepFreeze({ days: [], calendars: {} });

// Thousands of schedules share a few calendars of hundreds of days: one table serves them all.
const compiled = new WeakMap<CalendarsInput, Map<string, Holidays>>();

/** Reads the calendars that a schedule names. The result is frozen, and shared where it can be. */
export function parseHolidays(names: readonly Placed<string>[], calendars: CalendarsInput): Parsed<Holidays> {
  if (names.length === 0) return { ok: true, value: NO_HOLIDAYS };
  const key = JSON.stringify(names.map(({ value }) => value));
  const known = compiled.get(calendars)?.get(key);
  if (known !== undefined) return { ok: true, value: known };
  const holidays = compileHolidays(names, calendars);
  if (holidays.ok) {
    const tables = compiled.get(calendars) ?? new Map<string, Holidays>();
    compiled.set(calendars, tables.set(key, holidays.value));
  }
  return holidays;
}

function compileHolidays(names: readonly Placed<string>[], calendars: CalendarsInput): Parsed<Holidays> {
  const problems: Problem[] = [];
  const namesByDay = new Map<number, readonly string[]>();
  const used: [string, CalendarsInput[string]][] = [];
  for (const { value: name, path } of names) {
    const days = daysOf(name, calendars);
    if (!days.ok) problems.push({ path, message: days.message });
    else {
      used.push([name, calendarOf(days.value)]);
      for (const day of days.value) namesByDay.set(day, [...(namesByDay.get(day) ?? []), name]);
    }
  }
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    value: deepFreeze({
      days: joinRuns(namesByDay),
      calendars: Object.fromEntries(used),
    }),
  };
}

function daysOf(name: string, calendars: CalendarsInput) {
  const calendar = Object.hasOwn(calendars, name) ? calendars[name] : undefined;
  if (calendar === undefined) {
    return {
      ok: false,
      message: unknownCalendar(name, Object.keys(calendars)),
    } as const;
  }
  const days = parseCalendar(calendar, "");
  if (days.ok) return days;
  const details = days.problems.map(({ path, message }) => `${path}: ${message}`).join("; ");
  return {
    ok: false,
    message: `calendar "${name}" cannot be used: ${details}`,
  } as const;
}

function unknownCalendar(name: string, known: readonly string[]): string {
  const closest = closestOf(name, known);
  if (closest !== undefined) return `no calendar is called "${name}": did you mean "${closest}"?`;
  return known.length === 0
    ? `no calendar is called "${name}": none is declared`
    : `no calendar is called "${name}": declared are ${known.join(", ")}`;
}

function joinRuns(namesByDay: ReadonlyMap<number, readonly string[]>): readonly HolidayDay[] {
  const runs: { readonly fromDay: number; toDay: number }[] = [];
  const days = [...namesByDay].sort(([one], [other]) => one - other);
  return days
    .map(([day, names]) => {
      const run = runs.at(-1);
      if (run?.toDay === day) run.toDay = day + 1;
      else runs.push({ fromDay: day, toDay: day + 1 });
      return { day, names, run: runs.at(-1) };
    })
    .map(({ day, names, run }) => ({
      day,
      rule: `holiday ${dateOf(day)} (${names.join(", ")})`,
      runFromDay: run?.fromDay ?? day,
      runToDay: run?.toDay ?? day + 1,
    }));
}

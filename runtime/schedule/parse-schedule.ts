import { parseExceptions } from "./exceptions.js";
import { deepFreeze } from "./frozen.js";
import { parseHolidays } from "./holidays.js";
import { parseWindows } from "./parse-windows.js";
import { pathTo, shapeProblems } from "./problem.js";
import type { Parsed } from "./problem.js";
import type { Schedule } from "./schedule.js";
import { scheduleSchema } from "./schedule-input.js";
import type { CalendarsInput } from "./schedule-input.js";
import { wellFormedParts } from "./well-formed-parts.js";
import type { WellFormedParts } from "./well-formed-parts.js";
import { constantPattern } from "./window-pattern.js";
import type { WindowPattern } from "./window-pattern.js";
import { zoneClock } from "./zone-clock.js";
import { parseZone } from "./zone-name.js";

/** What a schedule is read with. */
export interface ScheduleOptions {
  /** The calendars that `holidays` may name. */
  readonly calendars?: CalendarsInput;
  /** Windows that ever last less are refused: a cluster takes minutes to wake and to sleep. Default 30. */
  readonly minimumWindowMinutes?: number;
  /** Where the schedule stands in config; default `schedules.NAME`. */
  readonly path?: string;
}

/**
 * Reads one schedule, as written in config or as stored. A refusal names every problem at once,
 * each with its path. Pure: equal input gives equal schedules.
 */
export function parseSchedule(name: string, input: unknown, options: ScheduleOptions): Parsed<Schedule> {
  const { calendars = {}, minimumWindowMinutes = 30 } = options;
  const path = options.path ?? pathTo("schedules", name);
  const shape = scheduleSchema.safeParse(input);
  const parts = wellFormedParts(input, path);
  const timezone = parseTimezone(parts.timezone, pathTo(path, "timezone"));
  const windows = parseAwake(parts.awake, minimumWindowMinutes);
  const holidays = parseHolidays(parts.holidays, calendars);
  // With no usable zone the exceptions are read in UTC, only to find what else is wrong with them.
  const clock = zoneClock(timezone.ok ? timezone.value : "UTC");
  const exceptions = parseExceptions(parts.exceptions, clock);
  if (shape.success && timezone.ok && windows.ok && holidays.ok && exceptions.ok) {
    return {
      ok: true,
      value: Object.freeze({
        name,
        timezone: timezone.value,
        input: deepFreeze(shape.data),
        calendars: holidays.value.calendars,
        minimumWindowMinutes,
        windows: deepFreeze(windows.value),
        holidays: holidays.value.days,
        exceptions: deepFreeze(exceptions.value),
      }),
    };
  }
  const shapeIssues = shape.success ? [] : shapeProblems(shape.error.issues, path);
  return {
    ok: false,
    problems: [
      ...shapeIssues,
      ...[timezone, windows, holidays, exceptions].flatMap((part) => (part.ok ? [] : part.problems)),
    ],
  };
}

/** Stands for a part whose shape is wrong: the shape's problems are reported already. */
const ALREADY_REPORTED: Parsed<never> = { ok: false, problems: [] };

function parseTimezone(timezone: string | null, path: string): Parsed<string> {
  if (timezone === null) return ALREADY_REPORTED;
  const zone = parseZone(timezone);
  return zone.ok ? zone : { ok: false, problems: [{ path, message: zone.message }] };
}

function parseAwake(awake: WellFormedParts["awake"], minimumMinutes: number): Parsed<WindowPattern> {
  if (awake === null) return ALREADY_REPORTED;
  if (awake === "always" || awake === "never") {
    return {
      ok: true,
      value: constantPattern(awake === "always", `awake: ${awake}`),
    };
  }
  return parseWindows(awake, minimumMinutes);
}

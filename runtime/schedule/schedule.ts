import type { Exception } from "./exceptions.js";
import type { HolidayDay } from "./holidays.js";
import type { CalendarsInput, ScheduleInput } from "./schedule-input.js";
import type { WindowPattern } from "./window-pattern.js";

/**
 * A schedule that passed every check, compiled for quick answers and frozen. It is plain data.
 * `parseSchedule(schedule.name, schedule.input, schedule)` gives an equal one, so that `name`,
 * `input`, `calendars` and `minimumWindowMinutes` are all that need be stored.
 */
export interface Schedule {
  readonly name: string;
  /** IANA zone, as written. */
  readonly timezone: string;
  /** As written in config. */
  readonly input: ScheduleInput;
  /** The calendars that the schedule names, as dates. */
  readonly calendars: CalendarsInput;
  readonly minimumWindowMinutes: number;
  /** When its windows are open, in wall time. */
  readonly windows: WindowPattern;
  /** The wall days on which windows are hidden, ascending. */
  readonly holidays: readonly HolidayDay[];
  /** Ascending, free of overlap. */
  readonly exceptions: readonly Exception[];
}

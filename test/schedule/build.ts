import { evaluate, parseSchedule, transitions } from "../../runtime/schedule/index.js";
import type { CalendarsInput, Hold, Problem, Schedule, ScheduleInput } from "../../runtime/schedule/index.js";

interface Setting {
  readonly calendars?: CalendarsInput;
  readonly minimumWindowMinutes?: number;
}

/** A schedule that must be accepted. Windows may be short here, so that tests can look closely. */
export function scheduleOf(input: ScheduleInput, setting: Setting = {}): Schedule {
  const parsed = parseSchedule("test", input, { minimumWindowMinutes: 1, ...setting });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems, null, 1));
  return parsed.value;
}

/** A schedule of windows in a zone. */
export const windowsIn = (timezone: string, ...awake: Exclude<ScheduleInput["awake"], string>): Schedule =>
  scheduleOf({ timezone, awake });

/** The problems of an input that must be refused, by path. */
export function problemsOf(input: unknown, setting: Setting = {}): Readonly<Record<string, string>> {
  const parsed = parseSchedule("office", input, setting);
  if (parsed.ok) throw new Error("the schedule was accepted");
  return Object.fromEntries(parsed.problems.map(({ path, message }: Problem) => [path, message]));
}

/** The state wanted at an ISO instant. */
export const stateAt = (schedule: Schedule, iso: string, hold?: Hold): string =>
  evaluate(schedule, Date.parse(iso), hold).state;

/** The changes between two ISO instants, such as `2026-03-29T01:00Z running`. */
export const changesOf = (schedule: Schedule, from: string, to: string, hold?: Hold): readonly string[] =>
  transitions(schedule, Date.parse(from), Date.parse(to), hold).map((change) => `${isoOf(change.at)} ${change.to}`);

/** `2026-03-29T01:00Z`, with seconds only where there are some. */
export const isoOf = (at: number): string => new Date(at).toISOString().replace(/(:00)?\.000Z$/, "Z");

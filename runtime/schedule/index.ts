/** The calendar: when should a cluster run? Pure; instants are epoch milliseconds. */
export { parseCalendar } from "./calendar.js";
export { closestOf } from "./closest.js";
export { evaluate, transitions } from "./evaluate.js";
export type { Transition, Verdict } from "./evaluate.js";
export { parseSchedule } from "./parse-schedule.js";
export type { ScheduleOptions } from "./parse-schedule.js";
export { pathTo } from "./problem.js";
export type { Parsed, Problem } from "./problem.js";
export type { DesiredState } from "./desired-state.js";
export type { Schedule } from "./schedule.js";
export { scheduleSchema } from "./schedule-input.js";
export type { CalendarInput, CalendarsInput, ScheduleInput } from "./schedule-input.js";
export { sleepShare } from "./sleep-share.js";
export type { SleepShare } from "./sleep-share.js";
export type { Hold } from "./span.js";

import { evaluate, parseSchedule } from "../../runtime/schedule/index.js";
import type { CalendarsInput, Schedule, ScheduleInput } from "../../runtime/schedule/index.js";

const SCHEDULES = 10_000;
const EVALUATIONS = 500_000;
/** Two years of instants, far enough apart that no two questions in a row fall into one window. */
const FROM_AT = Date.UTC(2026, 0, 1);
const RANGE_MS = 2 * 365 * 86_400_000;
const STRIDE_MS = 7_919_000_003;

const ZONES = [
  "Australia/Sydney",
  "Europe/Berlin",
  "America/New_York",
  "Asia/Kolkata",
  "America/Sao_Paulo",
  "Australia/Lord_Howe",
  "Africa/Casablanca",
  "Pacific/Chatham",
  "UTC",
] as const;

const CALENDARS: CalendarsInput = {
  public: { dates: ["2026-01-01", "2026-04-03", "2026-12-25", "2026-12-26", "2027-01-01"] },
  company: { dates: ["2026-12-28", "2026-12-29", "2026-12-30", "2026-12-31"] },
};

/** Office hours, night shifts, cron pairs, dated cron, holidays and exceptions, in all zones. */
const AWAKE: readonly ScheduleInput["awake"][] = [
  ["Mon-Fri 07:00-19:00"],
  [{ start: "0 7 * * 1-5", stop: "0 19 * * 1-5" }],
  ["Mon-Fri 08:30-12:00", "Mon-Fri 13:00-18:30", "Sat,Sun 10:00-14:00"],
  ["Fri 22:00-06:00", "Mon-Thu 20:00-02:00"],
  [{ start: "30 6 * * 1-5", stop: "10 22 * * *" }],
  [{ start: "0 7 1 * *", stop: "0 19 L * *" }],
  [{ start: "0 7 * * 2#2", stop: "0 19 * * 2" }, "Mon-Fri 09:00-17:00"],
  [{ start: "0 0 1 3 *", stop: "0 0 1 11 *" }],
  "always",
  "never",
];

const EXCEPTIONS: NonNullable<ScheduleInput["exceptions"]> = [
  { from: "2026-12-24T18:00", to: "2026-12-27", state: "running", reason: "load test" },
];

function scheduleInput(index: number): ScheduleInput {
  return {
    timezone: ZONES[index % ZONES.length] ?? "UTC",
    awake: AWAKE[index % AWAKE.length] ?? "never",
    ...(index % 3 === 0 ? { holidays: ["public", "company"] } : {}),
    ...(index % 4 === 0 ? { exceptions: EXCEPTIONS } : {}),
  };
}

function parse(index: number): Schedule {
  const parsed = parseSchedule(`schedule-${index}`, scheduleInput(index), { calendars: CALENDARS });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
}

const instantOf = (count: number): number => FROM_AT + ((count * STRIDE_MS) % RANGE_MS);

/** Evaluates each of the schedules in turn and gives the milliseconds it took. */
function evaluateMany(schedules: readonly Schedule[], count: number): number {
  const startedAt = performance.now();
  for (let index = 0; index < count; index++) {
    const schedule = schedules[index % schedules.length];
    if (schedule !== undefined) evaluate(schedule, instantOf(index));
  }
  return performance.now() - startedAt;
}

/** What the `calendar` benchmark found. */
export interface CalendarFigures {
  readonly schedules: number;
  /** First sight of every schedule and zone, zone tables included. */
  readonly coldMicrosecondsPerEvaluation: number;
  readonly evaluationsPerSecond: number;
  readonly parsePerSecond: number;
}

/** Parses and evaluates 10,000 mixed schedules at instants spread over two years. */
export function runCalendarBench(): Promise<CalendarFigures> {
  const parseStartedAt = performance.now();
  const schedules = Array.from({ length: SCHEDULES }, (_, index) => parse(index));
  const parseMs = performance.now() - parseStartedAt;
  const coldMs = evaluateMany(schedules, SCHEDULES);
  const warmMs = evaluateMany(schedules, EVALUATIONS);
  return Promise.resolve({
    schedules: SCHEDULES,
    coldMicrosecondsPerEvaluation: Math.round((coldMs * 1_000) / SCHEDULES),
    evaluationsPerSecond: Math.round((EVALUATIONS * 1_000) / warmMs),
    parsePerSecond: Math.round((SCHEDULES * 1_000) / parseMs),
  });
}

import { CronExpressionParser } from "cron-parser";
import { Temporal } from "temporal-polyfill";
import type { ScheduleInput } from "../../runtime/schedule/index.js";

/**
 * A slow second opinion, event by event where the product is level by level: it fires every start
 * and stop, finds the instant of each through Temporal, and replays them in nominal order.
 */

const DAY_MS = 86_400_000;
/** Far enough back that every window of the tests has opened and closed. */
const WARM_UP_MS = 200 * DAY_MS;

/** A window as the tests invent it: days (0 is Sunday) and minutes, or a cron pair. */
export type ReferenceWindow =
  | { readonly days: readonly number[]; readonly start: number; readonly stop: number }
  | { readonly start: string; readonly stop: string };

export interface ReferenceSchedule {
  readonly timezone: string;
  readonly windows: readonly ReferenceWindow[];
  readonly holidays: readonly string[];
  readonly exceptions: NonNullable<ScheduleInput["exceptions"]>;
}

interface Event {
  readonly wallMs: number;
  readonly apply: (state: Replay) => void;
}

interface Replay {
  readonly open: Set<number>;
  isHoliday: boolean;
}

/** Tells for any instant within the range whether the cluster should run. */
export function replay(schedule: ReferenceSchedule, fromAt: number, toAt: number): (at: number) => boolean {
  const range = [fromAt - WARM_UP_MS, toAt + 3 * DAY_MS] as const;
  const events = [
    ...schedule.windows.flatMap((window, index) => windowEvents(window, index, range)),
    ...dayEvents(schedule.holidays, range),
  ].sort((one, other) => one.wallMs - other.wallMs);
  const state: Replay = { open: new Set(), isHoliday: false };
  const log: { readonly at: number; readonly isRunning: boolean }[] = [];
  for (const { wallMs, apply } of events) {
    apply(state);
    const isRunning = state.open.size > 0 && !state.isHoliday;
    log.push({ at: instantOf(wallMs, schedule.timezone), isRunning });
  }
  const exceptions = schedule.exceptions.map(({ from, to, state: wanted }) => ({
    fromAt: instantOf(Date.parse(`${from}Z`), schedule.timezone),
    toAt: instantOf(Date.parse(`${to}Z`), schedule.timezone),
    isRunning: wanted === "running",
  }));
  return (at) => {
    const exception = exceptions.find((each) => each.fromAt <= at && at < each.toAt);
    return (exception ?? log.findLast((entry) => entry.at <= at))?.isRunning ?? false;
  };
}

function windowEvents(window: ReferenceWindow, index: number, range: readonly [number, number]): readonly Event[] {
  const [starts, stops] =
    "days" in window
      ? [dayTimes(window, window.start, range), dayTimes(window, stopMinute(window), range)]
      : [cronTimes(window.start, range), cronTimes(window.stop, range)];
  // Sorting keeps this order at one instant: a start at the moment of a stop opens anew.
  return [
    ...stops.map((wallMs) => ({ wallMs, apply: ({ open }: Replay) => void open.delete(index) })),
    ...starts.map((wallMs) => ({ wallMs, apply: ({ open }: Replay) => void open.add(index) })),
  ];
}

const stopMinute = ({ start, stop }: { readonly start: number; readonly stop: number }): number =>
  stop > start ? stop : stop + 1_440;

function dayTimes(
  { days }: { readonly days: readonly number[] },
  minute: number,
  [from, to]: readonly [number, number],
): readonly number[] {
  const times: number[] = [];
  for (let day = Math.floor(from / DAY_MS) * DAY_MS; day < to; day += DAY_MS) {
    if (days.includes(new Date(day).getUTCDay())) times.push(day + minute * 60_000);
  }
  return times;
}

function cronTimes(text: string, [from, to]: readonly [number, number]): readonly number[] {
  const cron = CronExpressionParser.parse(text, { currentDate: new Date(from), tz: "UTC" });
  const times: number[] = [];
  for (let wallMs = cron.next().getTime(); wallMs < to; wallMs = cron.next().getTime()) {
    times.push(wallMs);
  }
  return times;
}

function dayEvents(holidays: readonly string[], [from, to]: readonly [number, number]): readonly Event[] {
  const days = dayTimes({ days: [0, 1, 2, 3, 4, 5, 6] }, 0, [from, to]);
  return days.map((wallMs) => ({
    wallMs,
    apply: (state: Replay) => {
      state.isHoliday = holidays.includes(new Date(wallMs).toISOString().slice(0, 10));
    },
  }));
}

/** First occurrence, or the first instant after the gap. */
function instantOf(wallMs: number, timezone: string): number {
  const local = Temporal.PlainDateTime.from(new Date(wallMs).toISOString().slice(0, -1));
  const earlier = local.toZonedDateTime(timezone, { disambiguation: "earlier" });
  if (earlier.toPlainDateTime().equals(local)) return earlier.epochMilliseconds;
  return earlier.getTimeZoneTransition("next")?.epochMilliseconds ?? NaN;
}

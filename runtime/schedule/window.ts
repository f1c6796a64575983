import { parseCron } from "./cron-expression.js";
import type { CronTimes } from "./cron-times.js";
import { pathTo } from "./problem.js";
import type { Parsed, Problem } from "./problem.js";
import type { WindowInput } from "./schedule-input.js";
import { shortestBelow } from "./shortest-window.js";
import { parseTextWindow } from "./text-window.js";
import { isWeekly, weekIntervals } from "./week-interval.js";
import type { WeekInterval } from "./week-interval.js";

/** One window, compiled: either the same every week, or a pair of cron expressions that is not. */
export type Window = WeeklyWindow | DatedWindow;

/** A window that opens and closes at the same minutes in every week. */
export interface WeeklyWindow {
  readonly kind: "weekly";
  /** As a person would name it. */
  readonly label: string;
  readonly intervals: readonly WeekInterval[];
}

/** A window that depends on months, days of the month or counted weekdays. */
export interface DatedWindow {
  readonly kind: "dated";
  readonly label: string;
  readonly start: CronTimes;
  readonly stop: CronTimes;
}

/** Reads one window; refuses one that ever lasts less than `minimumMinutes` of wall time. */
export function parseWindow(input: WindowInput, path: string, minimumMinutes: number): Parsed<Window> {
  const window = typeof input === "string" ? parseText(input, path) : parsePair(input.start, input.stop, path);
  if (!window.ok) return window;
  const shortest = shortestOf(window.value, minimumMinutes);
  if (shortest === null) return window;
  return refuse(
    path,
    `${window.value.label} can be open for as little as ${shortest} minutes: let it always last ${minimumMinutes} or more`,
  );
}

function parseText(text: string, path: string): Parsed<Window> {
  const intervals = parseTextWindow(text);
  if (!intervals.ok) return refuse(path, intervals.message);
  return {
    ok: true,
    value: {
      kind: "weekly",
      label: `window ${text.trim()}`,
      intervals: intervals.value,
    },
  };
}

function parsePair(startText: string, stopText: string, path: string): Parsed<Window> {
  const start = parseCron(startText);
  const stop = parseCron(stopText);
  if (!start.ok || !stop.ok) {
    return {
      ok: false,
      problems: [...problemAt("start", start), ...problemAt("stop", stop)],
    };
  }
  if (JSON.stringify(start.value) === JSON.stringify(stop.value)) {
    return refuse(path, `starts and stops at the same times ("${startText}"): let it stop later`);
  }
  const label = `window "${startText}" to "${stopText}"`;
  return {
    ok: true,
    value:
      isWeekly(start.value) && isWeekly(stop.value)
        ? {
            kind: "weekly",
            label,
            intervals: weekIntervals(start.value, stop.value),
          }
        : { kind: "dated", label, start: start.value, stop: stop.value },
  };

  function problemAt(side: string, reading: ReturnType<typeof parseCron>): readonly Problem[] {
    return reading.ok ? [] : [{ path: pathTo(path, side), message: reading.message }];
  }
}

/** What the window does, apart from how it is written: equal keys mean the same window. */
export const windowKey = (window: Window): string =>
  JSON.stringify(window.kind === "weekly" ? [...window.intervals].sort(byStart) : [window.start, window.stop]);

const byStart = (one: WeekInterval, other: WeekInterval): number => one.fromMinute - other.fromMinute;

/** The shortest opening if it is below the limit, else null. */
function shortestOf(window: Window, limitMinutes: number): number | null {
  if (window.kind === "dated") return shortestBelow(limitMinutes, window.start, window.stop);
  const shortest = window.intervals.reduce((least, { lengthMinutes }) => Math.min(least, lengthMinutes), Infinity);
  return shortest < limitMinutes ? shortest : null;
}

const refuse = (path: string, message: string): Parsed<never> => ({
  ok: false,
  problems: [{ path, message }],
});

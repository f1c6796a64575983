import { InvalidArgumentError } from "commander";

import { dayOf, DAY_MS, MINUTE_MS } from "../schedule/wall-time.js";
import { zoneClock } from "../schedule/zone-clock.js";
import { parseDuration } from "./duration.js";
import { parseInstant } from "./instant.js";

/** When a hold ends, as a person says it. */
export type Until =
  | { readonly kind: "instant"; readonly at: number }
  | { readonly kind: "after"; readonly durationMs: number }
  /** The next time that clocks in the schedule's zone show this minute of the day. */
  | { readonly kind: "wall-clock"; readonly minuteOfDay: number };

const WALL_CLOCK = /^(?<hour>[01]?\d|2[0-3]):(?<minute>[0-5]\d)$/;

/** Reads `2026-03-29T22:00:00Z`, `+8h` (also `+2d`, `+1h30m`) or `22:00`. Throws commander's InvalidArgumentError. */
export function parseUntil(text: string): Until {
  const clock = WALL_CLOCK.exec(text)?.groups;
  if (clock) return { kind: "wall-clock", minuteOfDay: Number(clock["hour"]) * 60 + Number(clock["minute"]) };
  if (text.startsWith("+")) return { kind: "after", durationMs: timeFromNow(text.slice(1)) };
  return { kind: "instant", at: parseInstant(text) };
}

/** The instant that `until` means for a cluster whose schedule lives in `timezone`. Daylight saving is the calendar's own. */
export function instantOfUntil(until: Until, now: number, timezone: string): number {
  switch (until.kind) {
    case "instant":
      return until.at;
    case "after":
      return now + until.durationMs;
    case "wall-clock":
      return nextOnTheWall(until.minuteOfDay, now, timezone);
  }
}

function nextOnTheWall(minuteOfDay: number, now: number, timezone: string): number {
  const clock = zoneClock(timezone);
  const today = dayOf(clock.wallAt(now));
  const at = clock.instantOf(today * DAY_MS + minuteOfDay * MINUTE_MS);
  return at > now ? at : clock.instantOf((today + 1) * DAY_MS + minuteOfDay * MINUTE_MS);
}

function timeFromNow(text: string): number {
  const durationMs = parseDuration(text);
  if (durationMs !== null) return durationMs;
  throw new InvalidArgumentError("Write a time from now such as +8h, +90m or +2d.");
}

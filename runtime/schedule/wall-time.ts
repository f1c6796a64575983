/**
 * Wall time is what a clock on the wall of the schedule's zone shows, written as the epoch
 * milliseconds that the same reading would have in UTC. Windows and holidays live in wall time;
 * `zone-clock.ts` alone turns it into instants.
 */

export const MINUTE_MS = 60_000;
export const DAY_MINUTES = 1_440;
export const DAY_MS = DAY_MINUTES * MINUTE_MS;

/** Number of the wall day (days since 1970-01-01) that holds a wall time. */
export const dayOf = (wallMs: number): number => Math.floor(wallMs / DAY_MS);

/** Remainder that is never negative, so that times before 1970 work too. */
export const positiveRemainder = (value: number, divisor: number): number => ((value % divisor) + divisor) % divisor;

/** Weekday of a day number, 0 is Sunday as in cron. 1970-01-01 was a Thursday. */
export const weekdayOf = (day: number): number => positiveRemainder(day + 4, 7);

const WALL_TIME = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2}))?)?$/;

/**
 * Reads `YYYY-MM-DD` (00:00 of it), `YYYY-MM-DDTHH:MM` or `YYYY-MM-DDTHH:MM:SS`.
 * @returns wall milliseconds, or null when the text has another shape or names no real day or time.
 */
export function parseWallTime(text: string): number | null {
  const match = WALL_TIME.exec(text);
  if (match === null) return null;
  const wallMs = Date.parse(`${text.length === 10 ? `${text}T00:00` : text}Z`);
  // Date.parse rolls 2026-02-30 over into March, and accepts 24:00.
  return Number.isNaN(wallMs) || !isoOf(wallMs).startsWith(text) ? null : wallMs;
}

/** The day number of `YYYY-MM-DD`, or null when that is not a real date in that form. */
export function parseDay(text: string): number | null {
  const wallMs = text.length === 10 ? parseWallTime(text) : null;
  return wallMs === null ? null : dayOf(wallMs);
}

/** `YYYY-MM-DD` of a day number. */
export const dateOf = (day: number): string => isoOf(day * DAY_MS).slice(0, 10);

/** `HH:MM` of a minute of the day. */
export const clockOf = (minuteOfDay: number): string => isoOf(minuteOfDay * MINUTE_MS).slice(11, 16);

const isoOf = (wallMs: number): string => new Date(wallMs).toISOString();

import { DAY_MS, MINUTE_MS } from "../schedule/wall-time.js";

const DURATION = /^(?:(?<days>\d{1,3})d)?(?:(?<hours>\d{1,4})h)?(?:(?<minutes>\d{1,5})m)?$/;

/** Reads `7d`, `24h`, `90m` or `1d12h30m` to milliseconds; null for anything else, and for no time at all. */
export function parseDuration(text: string): number | null {
  const { days = 0, hours = 0, minutes = 0 } = DURATION.exec(text)?.groups ?? {};
  const durationMs = Number(days) * DAY_MS + (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
  return durationMs > 0 ? durationMs : null;
}

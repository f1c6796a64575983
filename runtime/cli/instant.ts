import { InvalidArgumentError } from "commander";
import { Temporal } from "temporal-polyfill";

/** An instant as answers carry it: `2026-03-29T01:00:00Z`, to the second. */
export function isoOf(at: number): string {
  return `${new Date(at).toISOString().slice(0, -5)}Z`;
}

/** Reads an option's ISO 8601 instant, zone included, to epoch milliseconds. Throws commander's InvalidArgumentError. */
export function parseInstant(text: string): number {
  const at = instantOf(text);
  if (at !== null) return at;
  if (isWithoutZone(text)) {
    const time = text.includes(":") ? text : `${text}T00:00:00`;
    throw new InvalidArgumentError(`It says no zone: write ${time}Z for UTC, or ${time}+02:00.`);
  }
  throw new InvalidArgumentError("Write an instant such as 2026-03-29T01:00:00Z.");
}

function instantOf(text: string): number | null {
  try {
    return Temporal.Instant.from(text).epochMilliseconds;
  } catch {
    return null;
  }
}

function isWithoutZone(text: string): boolean {
  try {
    Temporal.PlainDateTime.from(text);
    return true;
  } catch {
    return false;
  }
}

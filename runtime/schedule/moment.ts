import { Temporal } from "temporal-polyfill";
import { parseDay, parseWallTime } from "./wall-time.js";

/** A moment as people write it in config. */
export type Moment =
  /** `2026-12-24`: a wall day. */
  | { readonly kind: "date"; readonly day: number }
  /** `2026-12-24T18:00`: local to the schedule's zone. */
  | { readonly kind: "wall-time"; readonly wallMs: number }
  /** `2026-12-24T18:00:00+11:00`: the same everywhere. */
  | { readonly kind: "instant"; readonly at: number };

const OFFSET = /T.*(?:Z|[+-]\d{2}:?\d{2})$/i;

/** Null for text that is none of the three, or names a day or time that does not exist. */
export function parseMoment(text: string): Moment | null {
  const day = parseDay(text);
  if (day !== null) return { kind: "date", day };
  const wallMs = parseWallTime(text);
  if (wallMs !== null) return { kind: "wall-time", wallMs };
  return OFFSET.test(text) ? parseInstant(text) : null;
}

function parseInstant(text: string): Moment | null {
  try {
    return {
      kind: "instant",
      at: Temporal.Instant.from(text).epochMilliseconds,
    };
  } catch {
    return null;
  }
}

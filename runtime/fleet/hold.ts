import * as z from "zod";

import type { Hold } from "../schedule/index.js";

const holdSchema = z.object({
  state: z.enum(["running", "hibernated"]),
  until: z.number(),
  reason: z.string(),
  owner: z.string(),
  notedAt: z.number().nullable().default(null),
});

/** A hold as it is stored; `notedAt` is epoch milliseconds, null where that was not written down. */
export interface NotedHold extends Hold {
  readonly notedAt: number | null;
}

/** JSON text for the store. */
export function serialiseHold(hold: Hold, notedAt: number | null = null): string {
  return JSON.stringify({ ...hold, notedAt });
}

/** The hold that is in force now; undefined when there is none, or when it has expired by itself. */
export function activeHold(text: string | null | undefined, now: number): Hold | undefined {
  const noted = parseHold(text);
  if (noted === undefined || noted.until <= now) return undefined;
  const { notedAt: _, ...hold } = noted;
  return hold;
}

/**
 * The stored hold if it was in force at any instant, past ones included. One whose beginning was not written down counts as
 * having always been there, as in the calendar.
 */
export function holdAt(text: string | null | undefined, at: number): NotedHold | undefined {
  const noted = parseHold(text);
  return noted !== undefined && (noted.notedAt ?? -Infinity) <= at && at < noted.until ? noted : undefined;
}

function parseHold(text: string | null | undefined): NotedHold | undefined {
  return text === null || text === undefined ? undefined : holdSchema.parse(JSON.parse(text));
}

import * as z from "zod";

import type { Hold } from "../schedule/index.js";

const holdSchema = z.object({
  state: z.enum(["running", "hibernated"]),
  until: z.number(),
  reason: z.string(),
  owner: z.string(),
});

/** JSON text for the store. */
export function serialiseHold(hold: Hold): string {
  return JSON.stringify(hold);
}

/** The hold that is in force at an instant; undefined when there is none, or when it has expired by itself. */
export function activeHold(text: string | null | undefined, at: number): Hold | undefined {
  if (text === null || text === undefined) return undefined;
  const hold = holdSchema.parse(JSON.parse(text));
  return hold.until > at ? hold : undefined;
}

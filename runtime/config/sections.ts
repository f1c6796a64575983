import * as z from "zod";

import { scheduleSchema } from "../schedule/index.js";
import { clusterEntrySchema } from "./cluster-entry.js";
import { exclusionSchema } from "./exclusions.js";
import { hubSchema } from "./hub.js";
import { settingsPatchSchema } from "./settings.js";

/** One entry of `curfew:calendars`: the dates themselves, or an iCalendar file in the repository. */
export const calendarSchema = z
  .strictObject({
    dates: z.array(z.string({ error: 'must be a date in quotes, such as "2026-12-25"' })).exactOptional(),
    ical: z.string().min(1).exactOptional(),
  })
  .refine((calendar) => (calendar.dates === undefined) !== (calendar.ical === undefined), {
    error: "must have either dates or ical (the path of an iCalendar file)",
  });

export const stateSchema = z.string({ error: "must be the path of the state file" }).min(1);
export const catalogueSchema = z.string({ error: "must be the path of a YAML or JSON file" }).min(1);
const MINUTES = "must be a whole number of minutes from 1 to 1440";
export const minimumWindowSchema = z
  .number({ error: MINUTES })
  .int({ error: MINUTES })
  .min(1, { error: MINUTES })
  .max(1440, { error: MINUTES });

/** Everything that can be declared, by key. */
const sections = {
  schedules: z.record(z.string(), scheduleSchema),
  calendars: z.record(z.string(), calendarSchema),
  clusters: z.array(clusterEntrySchema),
  exclusions: z.array(exclusionSchema),
  settings: settingsPatchSchema,
  catalogue: catalogueSchema,
  state: stateSchema,
  hub: hubSchema,
  minimumWindowMinutes: minimumWindowSchema,
} as const;

/** A key of stack config, without its `curfew:`. */
export type SectionName = keyof typeof sections;

/** The keys that stack config may have below `curfew:`. */
export const SECTION_NAMES = Object.keys(sections) as readonly SectionName[];

/**
 * JSON schema by which an editor checks and completes a stack file (keys below `config:`, with `curfew:`)
 * or a catalogue file (the same keys at the top, without it).
 */
export function configJsonSchema(): z.core.JSONSchema.BaseSchema {
  const optional = SECTION_NAMES.map((name) => [name, sections[name].optional()] as const);
  const prefixed = optional.map(([name, schema]) => [`curfew:${name}`, schema] as const);
  const file = z.looseObject({
    config: z.looseObject(Object.fromEntries(prefixed)).optional(),
    ...Object.fromEntries(optional),
  });
  return z.toJSONSchema(file, { io: "input", reused: "ref" });
}

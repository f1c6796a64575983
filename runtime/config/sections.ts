import * as z from "zod";

import { scheduleSchema } from "../schedule/index.js";
import { approvalSchema } from "./approvals.js";
import { clusterEntrySchema, clusterFieldsSchema } from "./cluster-entry.js";
import { deployerSchema } from "./deployer.js";
import { exclusionSchema } from "./exclusions.js";
import { hubSchema } from "./hub.js";
import { settingsPatchSchema } from "./settings.js";
import { versionSchema } from "./version.js";

/** One entry of `curfew:calendars`: the dates themselves, or an iCalendar file in the repository. */
export const calendarSchema = z
  .strictObject({
    dates: z
      .array(z.string({ error: 'must be a date in quotes, such as "2026-12-25"' }))
      .describe('Days in quotes, such as "2026-12-25".')
      .exactOptional(),
    ical: z.string().min(1).describe("Path of an iCalendar file, relative to the project.").exactOptional(),
  })
  .refine((calendar) => (calendar.dates === undefined) !== (calendar.ical === undefined), {
    error: "must have either dates or ical (the path of an iCalendar file)",
  })
  .meta({ oneOf: [{ required: ["dates"] }, { required: ["ical"] }] });

export const stateSchema = z.string({ error: "must be the path of the state file" }).min(1);
/** Path of a file that only programs write or read. */
export const pathSchema = z.string({ error: "must be the path of a file" }).min(1);
export const catalogueSchema = z.string({ error: "must be the path of a YAML or JSON file" }).min(1);
const MINUTES = "must be a whole number of minutes from 1 to 1440";
export const minimumWindowSchema = z
  .number({ error: MINUTES })
  .int({ error: MINUTES })
  .min(1, { error: MINUTES })
  .max(1440, { error: MINUTES });

/** Everything that can be declared, by key. */
export const sections = {
  version: versionSchema,
  schedules: z.record(z.string(), scheduleSchema).describe("When clusters are awake: schedules by name."),
  calendars: z.record(z.string(), calendarSchema).describe("Holiday calendars by name."),
  defaults: clusterFieldsSchema.describe("Fields of every cluster that neither its profile nor its entry has."),
  profiles: z
    .record(z.string(), clusterFieldsSchema)
    .describe("Fields by a profile's name, for the clusters that name it; above the defaults, below the entry."),
  clusters: z.array(clusterEntrySchema).describe("The clusters."),
  exclusions: z.array(exclusionSchema).describe("What must never be touched, whoever declares it."),
  approvals: z.array(approvalSchema).describe("Who answers for it that production clusters sleep."),
  settings: settingsPatchSchema.describe("Settings of every cluster that says nothing else."),
  catalogue: catalogueSchema.describe("Path of a YAML or JSON file with more of the same, relative to the project."),
  state: stateSchema.describe("Path of the state file, relative to the project; not beside a hub."),
  hub: hubSchema.describe("The hub that works the schedules off without anybody's computer."),
  deployer: deployerSchema.describe("How curfew deploy spreads the clusters over stacks."),
  shard: pathSchema.describe(
    "Path of the list of clusters that this stack holds. Written by curfew deploy, never by hand.",
  ),
  minimumWindowMinutes: minimumWindowSchema.describe("Shortest time for which a schedule may keep clusters awake."),
} as const;

/** A key of stack config, without its `curfew:`. */
export type SectionName = keyof typeof sections;

/** The keys that stack config may have below `curfew:`. */
export const SECTION_NAMES = Object.keys(sections) as readonly SectionName[];

import type * as z from "zod";

import type { clusterEntrySchema, clusterFieldsSchema } from "../runtime/config/cluster-entry.js";
import type { Exclusion } from "../runtime/config/index.js";
import type { calendarSchema } from "../runtime/config/sections.js";
import type { SettingsInput } from "../runtime/cycle/settings.js";
import type { ScheduleInput } from "../runtime/schedule/index.js";

/** What a person may write by a schema; its settings are typed by hand, as the schema itself takes them from anywhere. */
type Written<Schema extends z.ZodType> = Omit<z.input<Schema>, "settings"> & { readonly settings?: SettingsInput };

/** One cluster as a person writes it: an entry of `curfew:clusters`. */
export type ClusterEntryInput = Written<typeof clusterEntrySchema>;

/** Fields that hold for many clusters: `curfew:defaults`, or a profile of `curfew:profiles`. */
export type ClusterFieldsInput = Written<typeof clusterFieldsSchema>;

/** What a stack file declares below `curfew:`, as a value; the README's "Config" says what each part means. */
export interface FleetInput {
  readonly clusters: readonly ClusterEntryInput[];
  readonly defaults?: ClusterFieldsInput;
  /** By name, for the clusters that name them; above the defaults, below a cluster's own fields. */
  readonly profiles?: Readonly<Record<string, ClusterFieldsInput>>;
  readonly schedules?: Readonly<Record<string, ScheduleInput>>;
  /** Dates, or the path of an iCalendar file, relative to the project's folder. */
  readonly calendars?: Readonly<Record<string, z.input<typeof calendarSchema>>>;
  readonly exclusions?: readonly Exclusion[];
  /** Below the settings of a cluster, above Curfew's own. */
  readonly settings?: SettingsInput;
  readonly minimumWindowMinutes?: number;
  /** Path of a YAML or JSON file with more of all this, relative to the project's folder. */
  readonly catalogue?: string;
  /** Where state is kept when there is no hub: the path of a file, relative to the project's folder. */
  readonly state?: string;
}

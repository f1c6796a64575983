import * as z from "zod";

import { clusterId, parseClusterId } from "../ports/index.js";
import { deepFreeze } from "../schedule/frozen.js";
import type { Parsed, Schedule } from "../schedule/index.js";
import { parseSchedule } from "../schedule/index.js";
import { decodeDates, encodeDates } from "./calendar-code.js";
import { reachSchema } from "./cluster-entry.js";
import type { ClusterSpec } from "./cluster-spec.js";
import type { Tags } from "./exclusions.js";
import { exclusionSchema } from "./exclusions.js";
import { layerSettings, settingsPatchOf, settingsPatchSchema } from "./settings.js";
import { checkShape } from "./shape.js";

const VERSION = 1;

const declarationSchema = z.strictObject({
  version: z.literal(VERSION, { error: "was written by another version of Curfew: declare the cluster again" }),
  id: z.string().refine((id) => parseClusterId(id) !== undefined, { error: "must be account/region/name" }),
  roleArn: z.string().exactOptional(),
  externalId: z.string().exactOptional(),
  reach: reachSchema.exactOptional(),
  schedule: z
    .strictObject({
      name: z.string(),
      minimumWindowMinutes: z.number(),
      input: z.unknown(),
      calendars: z.record(z.string(), z.array(z.string())).default({}),
    })
    .exactOptional(),
  exclusion: exclusionSchema.exactOptional(),
  exclusionsByTag: z.array(exclusionSchema).default([]),
  settings: settingsPatchSchema.prefault({}),
  tags: z.record(z.string(), z.string()).default({}),
  onDelete: z.enum(["wake", "leave"]).default("wake"),
  converge: z.boolean().default(true),
  costPerHour: z.number().positive().exactOptional(),
});

type Declaration = z.output<typeof declarationSchema>;

/**
 * One declared cluster as JSON text, complete in itself: what the state store keeps and the Pulumi resource
 * carries. Defaults are left out; equal specs give equal text, whatever the order of their tags.
 */
export function serialiseCluster(spec: ClusterSpec): string {
  const { schedule, exclusion, exclusionsByTag, onDelete, converge, costPerHour } = spec;
  const declaration: z.input<typeof declarationSchema> = {
    version: VERSION,
    id: spec.id,
    ...spec.access,
    ...(schedule === null ? {} : { schedule: scheduleSource(schedule) }),
    ...(exclusion === null ? {} : { exclusion }),
    ...(exclusionsByTag.length === 0 ? {} : { exclusionsByTag: [...exclusionsByTag] }),
    ...unlessEmpty("settings", settingsPatchOf(spec.settings)),
    ...unlessEmpty("tags", sortedByKey(spec.tags)),
    ...(onDelete === "wake" ? {} : { onDelete }),
    ...(converge ? {} : { converge }),
    ...(costPerHour === null ? {} : { costPerHour }),
  };
  return JSON.stringify(declaration);
}

/**
 * Reads what {@link serialiseCluster} wrote: a spec equal to the one that was written. Text of another
 * version, or that is damaged, is refused with every problem at once.
 */
export function parseClusterDeclaration(text: string): Parsed<ClusterSpec> {
  const json = parseJson(text);
  if (!json.ok) return json;
  const shape = checkShape(declarationSchema, json.value, "");
  if (!shape.ok) return shape;
  const { schedule, exclusion } = shape.value;
  if (exclusion !== undefined) {
    return specOf(shape.value, { exclusion, scheduleName: null, schedule: null });
  }
  if (schedule === undefined) return refused("schedule", "is required: the cluster is not excluded");
  const calendars = Object.entries(schedule.calendars).map(([name, codes]) => [name, decodeDates(codes)] as const);
  const parsed = parseSchedule(schedule.name, schedule.input, {
    minimumWindowMinutes: schedule.minimumWindowMinutes,
    calendars: Object.fromEntries(calendars),
    path: "schedule.input",
  });
  if (!parsed.ok) return parsed;
  return specOf(shape.value, { exclusion: null, scheduleName: schedule.name, schedule: parsed.value });
}

type Wanted<T = ClusterSpec> = T extends ClusterSpec ? Pick<T, "exclusion" | "scheduleName" | "schedule"> : never;

function specOf(declaration: Declaration, wanted: Wanted): Parsed<ClusterSpec> {
  const {
    id,
    roleArn,
    externalId,
    reach,
    settings,
    tags,
    onDelete,
    converge,
    costPerHour = null,
    exclusionsByTag,
  } = declaration;
  const identity = parseClusterId(id);
  if (identity === undefined) return refused("id", "must be account/region/name");
  const fields = {
    id: clusterId(identity),
    identity,
    access: {
      ...(roleArn === undefined ? {} : { roleArn }),
      ...(externalId === undefined ? {} : { externalId }),
      ...(reach === undefined ? {} : { reach }),
    },
    settings: layerSettings(settings),
    tags,
    onDelete,
    converge,
    costPerHour,
    exclusionsByTag,
  };
  return { ok: true, value: deepFreeze({ ...fields, ...wanted }) };
}

function scheduleSource({ name, minimumWindowMinutes, input, calendars }: Schedule) {
  const codes = Object.entries(calendars).map(([calendar, days]) => [
    calendar,
    encodeDates("dates" in days ? days.dates : []),
  ]);
  return {
    name,
    minimumWindowMinutes,
    input,
    ...unlessEmpty("calendars", Object.fromEntries(codes) as Record<string, string[]>),
  };
}

function sortedByKey(tags: Tags): Tags {
  return Object.fromEntries(Object.entries(tags).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** A field of a declaration; no field for a map that says nothing. */
function unlessEmpty<K extends string, T extends object>(key: K, map: T): Partial<Record<K, T>> {
  return Object.keys(map).length === 0 ? {} : ({ [key]: map } as Record<K, T>);
}

function parseJson(text: string): Parsed<unknown> {
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch {
    return refused("", "is not a cluster's declaration: it is not JSON");
  }
}

function refused(path: string, message: string): Parsed<never> {
  return { ok: false, problems: [{ path, message }] };
}

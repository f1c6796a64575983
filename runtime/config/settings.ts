import equal from "fast-deep-equal";
import * as z from "zod";

import type { Settings, SettingsInput } from "../cycle/settings.js";
import { settingsSchema } from "../cycle/settings.js";
import type { PlainRecord } from "./plain-record.js";
import { isPlainRecord } from "./plain-record.js";
import { SETTING_WORDS } from "./setting-words.js";

/**
 * The settings that one layer declares. The same shape and bounds as the settings of a run, without
 * their defaults: a layer that is silent must not cover what a layer below it says. An editor is told them all the same.
 */
export const settingsPatchSchema = withoutDefaults(settingsSchema, []).meta({
  id: "settingsPatch",
}) as z.ZodType<SettingsInput>;

/** One setting that has a value of its own: where it lies, and what it may be. */
export interface SettingLeaf {
  /** e.g. `["drain", "timeoutSeconds"]`. */
  readonly path: readonly string[];
  readonly schema: z.core.$ZodType;
}

/** Every setting there is, from the schema itself, so that a new one needs no list of names. */
export function settingLeaves(): readonly SettingLeaf[] {
  return leavesOf(settingsSchema, []);
}

/** Lays valid patches over each other, the later ones on top, and fills in the defaults below them. */
export function layerSettings(...patches: readonly SettingsInput[]): Settings {
  return settingsSchema.parse(patches.reduce<PlainRecord>((below, patch) => overlay(below, patch), {}));
}

/** What differs from the defaults: the shortest patch that gives `settings` again. */
export function settingsPatchOf(settings: Settings): SettingsInput {
  return difference(settings, settingsSchema.parse({}));
}

/** What a patch says of one setting; undefined when it is silent. */
export function settingAt(patch: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, step) => (isPlainRecord(value) ? value[step] : undefined), patch);
}

/** Lays one map over another, maps inside them likewise; lists and plain values are replaced. */
export function overlay(below: PlainRecord, above: PlainRecord): PlainRecord {
  const result: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const covered = result[key];
    result[key] = isPlainRecord(value) && isPlainRecord(covered) ? overlay(covered, value) : value;
  }
  return result;
}

function difference(from: PlainRecord, base: PlainRecord): PlainRecord {
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(from)) {
    const other = base[key];
    if (isPlainRecord(value) && isPlainRecord(other)) {
      const inner = difference(value, other);
      if (Object.keys(inner).length > 0) result[key] = inner;
    } else if (!equal(value, other)) {
      result[key] = value;
    }
  }
  return result;
}

function withoutDefaults(schema: z.core.$ZodType, path: readonly string[]): z.ZodType {
  const bare = unwrapDefault(schema);
  if (!(bare instanceof z.ZodObject)) return withWords(bare as z.ZodType, schema, path);
  const fields = Object.entries(bare.shape as z.core.$ZodShape).map(([key, field]) => [
    key,
    z.exactOptional(withoutDefaults(field, [...path, key])),
  ]);
  return z.strictObject(Object.fromEntries(fields) as z.core.$ZodShape);
}

/** For editors: what a setting is, and what holds when nobody says it. */
function withWords(bare: z.ZodType, schema: z.core.$ZodType, path: readonly string[]): z.ZodType {
  const description = SETTING_WORDS[path.join(".")];
  const fallback = schema instanceof z.ZodDefault ? { default: schema.def.defaultValue } : {};
  return bare.meta({ ...(description !== undefined && { description }), ...fallback });
}

function leavesOf(schema: z.core.$ZodType, path: readonly string[]): readonly SettingLeaf[] {
  const bare = unwrapDefault(schema);
  if (!(bare instanceof z.ZodObject)) return [{ path, schema: bare }];
  return Object.entries(bare.shape as z.core.$ZodShape).flatMap(([key, field]) => leavesOf(field, [...path, key]));
}

function unwrapDefault(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault ? unwrapDefault(schema.unwrap()) : schema;
}

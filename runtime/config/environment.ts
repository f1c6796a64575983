import * as z from "zod";

import type { SettingsInput } from "../cycle/settings.js";
import type { Parsed } from "../schedule/index.js";
import { createProblemList } from "./problems.js";
import type { SettingLeaf } from "./settings.js";
import { settingLeaves } from "./settings.js";
import { checkShape } from "./shape.js";

/** Variables by name, as a process has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The variable of a setting: `["drain", "timeoutSeconds"]` is `CURFEW_DRAIN_TIMEOUT_SECONDS`. */
export function variableName(path: readonly string[]): string {
  const words = path.map((step) => step.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase());
  return `CURFEW_${words.join("_")}`;
}

/**
 * The settings that environment variables give: an operator's last word, above all config.
 * An empty variable counts as unset, as shells have it. Other `CURFEW_…` variables are left alone.
 * Problems lie at `environment.CURFEW_…`.
 */
export function settingsFromEnvironment(environment: Environment): Parsed<SettingsInput> {
  const problems = createProblemList();
  const patch: Record<string, unknown> = {};
  for (const leaf of settingLeaves()) {
    const name = variableName(leaf.path);
    const text = environment[name];
    if (text === undefined || text === "") continue;
    const schema = leaf.schema as z.ZodType;
    const value = problems.take(checkShape(schema, typedValue(leaf, text), `environment.${name}`));
    if (value !== undefined) setAt(patch, leaf.path, value);
  }
  return problems.settle(() => patch);
}

/** Text that does not read as the type wanted stays text, for the schema to refuse in its own words. */
function typedValue({ schema }: SettingLeaf, text: string): unknown {
  if (schema instanceof z.ZodNumber && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (schema instanceof z.ZodBoolean && (text === "true" || text === "false")) return text === "true";
  if (schema instanceof z.ZodRecord) return jsonValue(text);
  if (schema instanceof z.ZodArray) return text.split(",").map((part) => part.trim());
  return text;
}

/** A map has no shorter form than JSON. */
function jsonValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function setAt(target: Record<string, unknown>, [key, ...rest]: readonly string[], value: unknown): void {
  if (key === undefined) return;
  if (rest.length === 0) {
    target[key] = value;
    return;
  }
  const inner = (target[key] ??= {}) as Record<string, unknown>;
  setAt(inner, rest, value);
}

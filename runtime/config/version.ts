import * as z from "zod";

import type { Problem } from "../schedule/index.js";
import { pathTo } from "../schedule/index.js";
import { checkShape } from "./shape.js";
import type { Source } from "./sources.js";
import { quote } from "./wording.js";

/** The version of the config's form that this Curfew reads. It goes up only where an older file would mean something else. */
const CONFIG_VERSION = 1;

const NOTE = '"Config versions" in the README';

/** `curfew:version`; a file that says nothing is of the current form. */
export const versionSchema = z
  .literal(CONFIG_VERSION, { error: ({ input }) => versionMessage(input) })
  .describe("Version of this file's form; the current one when nothing is said.");

/** What is wrong with the files' versions. A file of another version is not looked at further: its keys may mean something else. */
export function checkVersions(sources: readonly Source[]): readonly Problem[] {
  return sources.flatMap(({ path, raw }) => {
    const version = raw["version"] ?? undefined;
    const parsed = version === undefined ? null : checkShape(versionSchema, version, pathTo(path, "version"));
    return parsed === null || parsed.ok ? [] : parsed.problems;
  });
}

function versionMessage(input: unknown): string {
  if (typeof input !== "number" || !Number.isInteger(input)) {
    return `must be ${CONFIG_VERSION}, the version of the config's form, not ${quote(input)}`;
  }
  return input > CONFIG_VERSION
    ? `is ${input}, the form of a later Curfew, and this one reads ${CONFIG_VERSION}: update Curfew, or see ${NOTE} for the way back`
    : `is ${input}, the form of an earlier Curfew, and this one reads ${CONFIG_VERSION}: bring the file up to date as ${NOTE} says`;
}

import assert from "node:assert/strict";

import { settingLeaves, variableName } from "../runtime/config/index.js";
import { DEFAULT_SETTINGS } from "../runtime/cycle/index.js";
import { FAILURE_CODES } from "../runtime/ports/index.js";
import { FAULT_CODES } from "../stacks/deploy/fault.js";
import { rowsBelow } from "./readme-table.js";

describe("the README", () => {
  it("lists every failure code, and no other", async () => {
    const listed = (await rowsBelow("## Error codes")).map(([code]) => code);
    assert.deepEqual([...listed].sort(), [...FAILURE_CODES].sort());
  });

  it("lists every reason for which a deployment stops, and no other", async () => {
    const listed = (await rowsBelow("### What stops a deployment")).map(([code]) => code);
    assert.deepEqual([...listed].sort(), [...FAULT_CODES].sort());
  });

  it("lists every setting with its variable and its default", async () => {
    const listed = (await rowsBelow("### Settings")).map(([setting, variable, fallback]) => [
      setting,
      variable,
      fallback,
    ]);
    const real = settingLeaves().map(({ path }) => [path.join("."), variableName(path), wordsOf(defaultOf(path))]);
    assert.deepEqual([...listed].sort(), [...real].sort());
  });
});

function defaultOf(path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], DEFAULT_SETTINGS);
}

/** A default as the table writes it: maps and lists as JSON, all else as it is. */
function wordsOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

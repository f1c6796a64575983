import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import { settingLeaves, variableName } from "../runtime/config/index.js";
import { DEFAULT_SETTINGS } from "../runtime/cycle/index.js";
import { FAILURE_CODES } from "../runtime/ports/index.js";
import { packagePath } from "./lab/package-path.js";

/** The first columns of every table row below a heading. */
async function rowsBelow(heading: string): Promise<readonly (readonly string[])[]> {
  const readme = await readFile(packagePath("README.md"), "utf8");
  const [, chapter = ""] = readme.split(`\n${heading}\n`);
  const [text = ""] = chapter.split(/\n#+ /);
  const rows = text.split("\n").filter((line) => line.startsWith("| `"));
  return rows.map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll("`", "")),
  );
}

describe("the README", () => {
  it("lists every failure code, and no other", async () => {
    const listed = (await rowsBelow("## Error codes")).map(([code]) => code);
    assert.deepEqual([...listed].sort(), [...FAILURE_CODES].sort());
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

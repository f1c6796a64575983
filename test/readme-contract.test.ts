import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";

import { packagePath } from "./lab/package-path.js";
import { rowsBelow } from "./readme-table.js";

/** 69 rules for a drain, 37 for a hibernate, 28 for a wake. */
const RULES = [...count("", 69), ...count("H", 37), ...count("W", 28)];
const SCENARIOS = count("S", 50);

/** What the tables may leave open. A rule more in one of these is a decision, not an oversight. */
const NOT_BUILT = ["15"];
const BY_DOCUMENTATION = ["H36"];
const NOT_SHOWN = ["15"];

function count(prefix: string, last: number): readonly string[] {
  return Array.from({ length: last }, (_, index) => `${prefix}${index + 1}`);
}

/** One number or a range, as in `H28` or `S1-S4`. */
const ITEM = String.raw`[HWST]?\d+(?:-[HWST]?\d+)?`;
const CITATION = new RegExp(String.raw`safe-cycle[\s*/]+(${ITEM}(?:,[\s*/]+${ITEM})*)`, "g");
/** A title, also in a table of cases or over an `afterEach`. */
const TITLE = /\b(?:it|describe|scenario|afterEach)\(\s*(["'`])(.*?)\1/g;

/** Every number that a list of numbers and ranges names. */
function expand(list: string): readonly string[] {
  return [...list.matchAll(/([HWST]?)(\d+)(?:-[HWST]?(\d+))?/g)].flatMap(([, prefix = "", first, last = first]) =>
    Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => `${prefix}${Number(first) + index}`),
  );
}

interface Row {
  readonly rules: readonly string[];
  /** Path of a source file, or in words why there is none. */
  readonly heldIn: string;
  /** Path of a test file and a fragment of a title; null: no test shows it. */
  readonly shownBy: { readonly file: string; readonly fragment: string } | null;
}

async function readRules(): Promise<readonly Row[]> {
  const rows = await rowsBelow("### Rules");
  return rows.map(([rules = "", , heldIn = "", shownBy = ""]) => {
    const [, file, fragment] = /^(\S+): "(.+)"$/.exec(shownBy) ?? [];
    assert.ok(file !== undefined || shownBy === "not shown", `rule ${rules} is shown by "${shownBy}"`);
    const shown = file === undefined ? null : { file, fragment: fragment ?? "" };
    return { rules: expand(rules), heldIn, shownBy: shown };
  });
}

async function readScenarios(): Promise<readonly { readonly scenarios: readonly string[]; readonly file: string }[]> {
  const rows = await rowsBelow("### Scenarios");
  return rows.map(([scenarios = "", file = ""]) => ({ scenarios: expand(scenarios), file }));
}

/** Null when there is no such file. */
function textOf(path: string): string | null {
  return existsSync(packagePath(path)) ? readFileSync(packagePath(path), "utf8") : null;
}

function isSource({ heldIn }: Row): boolean {
  return heldIn.startsWith("runtime/");
}

describe("the README's tables of the contract", () => {
  let rows: readonly Row[];
  before(async () => {
    rows = await readRules();
  });

  it("name every rule exactly once, in order", () => {
    assert.deepEqual(
      rows.flatMap(({ rules }) => rules),
      RULES,
    );
  });

  it("name a file that says so itself, for every rule that is built", () => {
    const silent = rows.filter(isSource).flatMap(({ rules, heldIn }) => {
      const cited = new Set([...(textOf(heldIn) ?? "").matchAll(CITATION)].flatMap(([, list = ""]) => expand(list)));
      return rules.filter((rule) => !cited.has(rule)).map((rule) => `${heldIn} does not cite safe-cycle ${rule}`);
    });
    assert.deepEqual(silent, []);
  });

  it("name a test that exists, for every rule that is shown", () => {
    const missing = rows.flatMap(({ rules, shownBy }) => {
      if (shownBy === null || textOf(shownBy.file)?.includes(shownBy.fragment)) return [];
      return [`rule ${rules.join()}: nothing in ${shownBy.file} reads "${shownBy.fragment}"`];
    });
    assert.deepEqual(missing, []);
  });

  it("leave open only what is known to be open", () => {
    const unbuilt = rows.filter((row) => !isSource(row));
    const named = (words: RegExp) => unbuilt.filter(({ heldIn }) => words.test(heldIn)).flatMap(({ rules }) => rules);
    assert.deepEqual(named(/^not built: \w/), NOT_BUILT);
    assert.deepEqual(named(/^by documentation: README$/), BY_DOCUMENTATION);
    assert.equal(unbuilt.flatMap(({ rules }) => rules).length, NOT_BUILT.length + BY_DOCUMENTATION.length);
    assert.deepEqual(
      rows.filter(({ shownBy }) => shownBy === null).flatMap(({ rules }) => rules),
      NOT_SHOWN,
    );
  });

  it("point to a README that says what is held by documentation", () => {
    assert.match(textOf("README.md") ?? "", /CoreDNS and CSI add-ons turn DEGRADED.*do not create or update add-ons/);
  });

  it("find every scenario once, in a title of the file that they name", async () => {
    const table = await readScenarios();
    const found = table.flatMap(({ scenarios, file }) => {
      const titles = [...(textOf(file) ?? "").matchAll(TITLE)].map(([, , title = ""]) => title);
      return scenarios.filter((one) => titles.some((title) => new RegExp(`\\b${one}\\b`).test(title)));
    });
    assert.deepEqual([...found].sort(byNumber), SCENARIOS);
    assert.equal(table.flatMap(({ scenarios }) => scenarios).length, SCENARIOS.length);
  });
});

function byNumber(a: string, b: string): number {
  return Number(a.slice(1)) - Number(b.slice(1));
}

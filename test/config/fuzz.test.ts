import assert from "node:assert/strict";

import fc from "fast-check";

import {
  curfewConfig,
  parseClusterDeclaration,
  parseFleet,
  parseStackFile,
  serialiseCluster,
} from "../../runtime/config/index.js";
import type { Parsed } from "../../runtime/schedule/index.js";
import { valueOf } from "./declared.js";
import { FILES, jsonTexts, mutated, random, texts, type Raw } from "./fuzzed.js";

/** How many were accepted, so that no property holds only because everything is refused. */
let accepted = 0;

function check(raw: Raw): void {
  const parsed = parseFleet(raw, { files: FILES, environment: {} });
  refusesClearly(parsed);
  if (!parsed.ok) return;
  accepted += 1;
  for (const cluster of parsed.value.clusters) {
    assert.deepEqual(valueOf(parseClusterDeclaration(serialiseCluster(cluster))), cluster);
  }
}

function refusesClearly(parsed: Parsed<unknown>): void {
  if (parsed.ok) return;
  assert.ok(parsed.problems.length > 0);
  for (const { path, message } of parsed.problems) assert.ok(path !== "" && message !== "", `"${path}": "${message}"`);
}

function checkText(text: string): void {
  const raw = parseStackFile(text);
  refusesClearly(raw);
  if (raw.ok) check(raw.value);
}

describe("10,000 fuzzed configs", function () {
  this.timeout(120_000);
  beforeEach(() => (accepted = 0));

  it("never crash the parser, whatever they are (3,000)", () => {
    fc.assert(fc.property(random, check), { numRuns: 3_000 });
  });

  it("are accepted whole or refused with paths when an example was changed (4,000)", () => {
    fc.assert(fc.property(mutated, check), { numRuns: 4_000 });
    assert.ok(accepted > 200, `only ${accepted} were accepted`);
  });

  it("may be the JSON texts that Pulumi hands on, confused or not (2,000)", () => {
    const confused = (config: Raw) => check(curfewConfig(config));
    fc.assert(fc.property(jsonTexts, confused), { numRuns: 2_000 });
    assert.ok(accepted > 50, `only ${accepted} were accepted`);
  });

  it("may be files with pieces exchanged (1,000)", () => {
    fc.assert(fc.property(texts, checkText), { numRuns: 1_000 });
    assert.ok(accepted > 10, `only ${accepted} were accepted`);
  });

  const hostile: readonly [what: string, text: string][] = [
    ["nested beyond any stack", `clusters: ${"[".repeat(20_000)}${"]".repeat(20_000)}`],
    ["the same as JSON", `{"clusters":${"[".repeat(20_000)}${"]".repeat(20_000)}}`],
    ["the same as JSON text", `config: { "curfew:clusters": '${"[".repeat(20_000)}${"]".repeat(20_000)}' }`],
    ["aliases that multiply", `a: &a [x]\n${multiplying()}clusters: *i\n`],
    ["an alias of nothing", "clusters: *nobody\n"],
    ["an alias of itself", "clusters: &a [*a]\n"],
    ["a merge of nothing", "clusters: [{ <<: 3, name: a }]\n"],
    ["an empty key", "config: { 'curfew:': 1, '': 2 }\n"],
    ["only a byte order mark", "\uFEFF"],
  ];
  for (const [what, text] of hostile) it(`may hold ${what}`, () => checkText(text));
});

function multiplying(): string {
  return ["b", "c", "d", "e", "f", "g", "h", "i"]
    .map((name, index) => {
      const below = "abcdefghi"[index] ?? "a";
      return `${name}: &${name} [${Array.from({ length: 9 }, () => `*${below}`).join(", ")}]\n`;
    })
    .join("");
}

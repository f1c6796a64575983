import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import Ajv from "ajv";
import fc from "fast-check";

import {
  configJsonSchema,
  parseFleet,
  parseStackFile,
  SECTION_NAMES,
  settingLeaves,
} from "../../runtime/config/index.js";
import { SETTING_WORDS } from "../../runtime/config/setting-words.js";
import { packagePath } from "../lab/package-path.js";
import { rowsBelow } from "../readme-table.js";
import { config } from "./declared.js";
import { mutated, random, type Raw } from "./fuzzed.js";

const validate = new Ajv().compile(configJsonSchema());

const isAccepted = (raw: Raw): boolean => parseFleet(raw, { files: new Map(), environment: {} }).ok;
const asStack = (raw: Raw) => ({
  config: Object.fromEntries(Object.entries(raw).map(([key, value]) => [`curfew:${key}`, value])),
});

describe("the JSON schema of the config", () => {
  it("is what stacks/curfew.schema.json has: if not, `curfew schema` writes it anew", async () => {
    const text = await readFile(packagePath("stacks", "curfew.schema.json"), "utf8");
    assert.deepEqual(JSON.parse(text), configJsonSchema());
  });

  it("knows every key, with and without its namespace", () => {
    type Properties = Readonly<Record<string, { readonly properties: object }>>;
    const schema = configJsonSchema() as { properties: Properties; then: { properties: object } };
    assert.deepEqual(Object.keys(schema.then.properties), SECTION_NAMES);
    assert.deepEqual(
      Object.keys(schema.properties["config"]?.properties ?? {}),
      SECTION_NAMES.map((name) => `curfew:${name}`),
    );
  });

  it("describes every section and every field of a cluster", () => {
    const { definitions } = configJsonSchema() as {
      definitions: Record<string, { description?: string; anyOf: object[] }>;
    };
    for (const name of SECTION_NAMES) assert.match(definitions[name]?.description ?? "", /\w/, name);
    const [clusters] = definitions["clusters"]?.anyOf as [
      { items: { properties: Record<string, { description?: string }> } },
    ];
    for (const [name, field] of Object.entries(clusters.items.properties))
      assert.match(field.description ?? "", /\w/, name);
  });

  it("has words for every setting, the same as the README", async () => {
    const readme = (await rowsBelow("### Settings")).map(([setting = "", , , meaning = ""]) => [setting, meaning]);
    const bare = Object.entries(SETTING_WORDS).map(([setting, words]) => [setting, words.replaceAll("`", "")]);
    assert.deepEqual(
      readme.map(([setting, words = ""]) => [setting, words.replaceAll("`", "")]),
      bare,
    );
    assert.deepEqual(
      Object.keys(SETTING_WORDS).sort(),
      settingLeaves()
        .map(({ path }) => path.join("."))
        .sort(),
    );
  });

  const cases: readonly [what: string, file: unknown, fits: boolean][] = [
    ["a stack file", asStack(config()), true],
    ["a catalogue", config(), true],
    ["an empty section", { config: { "curfew:clusters": null } }, true],
    ["an empty config", { config: null }, true],
    [
      "other people's config, and Pulumi's own keys",
      { config: { "aws:region": "eu-west-1" }, secretsprovider: "x" },
      true,
    ],
    ["a key that is not known", { config: { "curfew:cluster": [] } }, false],
    ["a key without its namespace", { config: { clusters: [] } }, false],
    ["a catalogue's key that is not known", { cluster: [] }, false],
    ["an account that is a number", config({ clusters: [{ name: "a", account: 222222222222 }] }), false],
    ["a cluster without a name", config({ clusters: [{ profile: "office" }] }), false],
    ["a field that is not known", config({ profiles: { office: { scedule: "office" } } }), false],
    ["a setting out of its bounds", config({ settings: { drain: { timeoutSeconds: 0 } } }), false],
    ["an approval without a cluster", config({ approvals: [{ owner: "a", reason: "b", until: "2027-01-01" }] }), false],
    ["an approval without an end", config({ approvals: [{ cluster: "a", owner: "a", reason: "b" }] }), false],
    ["a calendar with two sources", config({ calendars: { nsw: { dates: [], ical: "a.ics" } } }), false],
    ["another version", config({ version: 2 }), false],
    ["a hub that says half", config({ hub: { shards: 99 } }), false],
  ];
  for (const [what, file, fits] of cases) {
    it(`${fits ? "takes" : "refuses"} ${what}`, () =>
      assert.equal(validate(file), fits, JSON.stringify(validate.errors)));
  }

  it("refuses nothing that Curfew accepts, in a catalogue or in a stack", () => {
    let refused = 0;
    fc.assert(
      fc.property(fc.oneof(mutated, random), (raw) => {
        for (const file of [raw, asStack(raw)]) {
          if (validate(file)) continue;
          refused += 1;
          assert.ok(!isAccepted(raw), JSON.stringify([file, validate.errors]));
        }
      }),
      { numRuns: 2_000 },
    );
    assert.ok(refused > 200, `only ${refused} were refused`);
  }).timeout(60_000);

  it("refuses no key of a stack file that Curfew accepts", () => {
    const key = fc.oneof(
      fc.constantFrom("curfew:clusters", "curfew:", "curfew:x", "clusters", "aws:region", ":"),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.dictionary(key, fc.constant(null)), (keys) => {
        if (validate({ config: keys })) return;
        const raw = parseStackFile(JSON.stringify({ config: keys }));
        assert.ok(!raw.ok || !isAccepted(raw.value), JSON.stringify(keys));
      }),
    );
  });
});

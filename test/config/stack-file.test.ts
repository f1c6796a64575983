import assert from "node:assert/strict";

import { curfewConfig, parseStackFile } from "../../runtime/config/index.js";
import { problemsOf, valueOf } from "./declared.js";

it("a key with nothing behind it counts as absent, also as Pulumi hands it to a program", () => {
  assert.deepEqual(valueOf(parseStackFile("config:\n  curfew:approvals:\n")), { approvals: null });
  assert.deepEqual(curfewConfig({ "curfew:approvals": "" }), { approvals: null });
});

describe("a stack file", () => {
  const accepted: readonly [what: string, text: string, raw: unknown][] = [
    [
      "YAML structures",
      "config:\n  aws:region: eu-west-1\n  curfew:clusters:\n    - { name: a }\n",
      { clusters: [{ name: "a" }] },
    ],
    [
      "JSON text as Pulumi's own command writes it",
      `config:\n  curfew:clusters: '[{"name":"a"}]'\n`,
      { clusters: [{ name: "a" }] },
    ],
    ["a number as text", `config:\n  curfew:minimumWindowMinutes: "45"\n`, { minimumWindowMinutes: 45 }],
    [
      "paths, which stay text",
      `config:\n  curfew:state: "123"\n  curfew:catalogue: fleet.yaml\n`,
      { state: "123", catalogue: "fleet.yaml" },
    ],
    ["JSON", `{"config":{"curfew:exclusions":[]}}`, { exclusions: [] }],
    ["the keys alone, as in a catalogue", "clusters: []\nschedules: {}\n", { clusters: [], schedules: {} }],
    [
      "anchors and merge keys",
      "base: &b { region: r }\nclusters: [{ <<: *b, name: a }]\n",
      { base: { region: "r" }, clusters: [{ region: "r", name: "a" }] },
    ],
    ["no config", "config:\n", {}],
    ["nothing", "", {}],
    ["an account in quotes", 'clusters: [{ account: "012345678901" }]', { clusters: [{ account: "012345678901" }] }],
    ["text that is no JSON, for the shape check to refuse", "config:\n  curfew:clusters: all\n", { clusters: "all" }],
  ];
  for (const [what, text, raw] of accepted) {
    it(`may hold ${what}`, () => assert.deepEqual(valueOf(parseStackFile(text)), raw));
  }

  const refused: readonly [what: string, text: string, problems: readonly string[]][] = [
    [
      "a syntax error",
      "config:\n  curfew:clusters: [1\n  curfew:schedules: {}\n",
      [
        "line 3, column 3: is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]",
      ],
    ],
    [
      "a key that comes twice",
      "clusters: []\nclusters: []\n",
      ["line 2, column 1: is not YAML: Map keys must be unique"],
    ],
    ["a list", "- a\n", ["line 1, column 1: must be a map of keys, such as clusters:"]],
    ["config that is no map", "config: [1]\n", ["config: must be a map of keys such as curfew:clusters"]],
    [
      "a key without namespace",
      "config:\n  clusters: []\n",
      ["config.clusters: must name its namespace: write curfew:clusters"],
    ],
    [
      "encrypted values, at any depth",
      "config:\n  curfew:state: { secure: v1:abc }\n  curfew:clusters: [{ externalId: { secure: v1:abc } }]\n",
      [
        "state: is encrypted, and only Pulumi can read it: declare it in plain text, nothing here is secret",
        "clusters[0].externalId: is encrypted, and only Pulumi can read it: declare it in plain text, nothing here is secret",
      ],
    ],
  ];
  for (const [what, text, problems] of refused) {
    it(`must not hold ${what}`, () => assert.deepEqual(problemsOf(parseStackFile(text)), problems));
  }

  it("is read the same from the text values that Pulumi hands to a program", () => {
    const config = { "aws:region": "eu-west-1", "curfew:clusters": '[{"name":"a"}]', "curfew:state": "s.db" };
    assert.deepEqual(curfewConfig(config), { clusters: [{ name: "a" }], state: "s.db" });
  });
});

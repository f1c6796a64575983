import assert from "node:assert/strict";

import { curfewConfig, referencedFiles } from "../../runtime/config/index.js";
import { config, fleetOf, parse, PAYMENTS, problemsOf } from "./declared.js";

const ID = "222222222222/ap-southeast-2/payments-dev";

describe("a stack's shard", () => {
  it("is the list of clusters that the stack holds; all are parsed", () => {
    const raw = config({ shard: "a.json", clusters: [PAYMENTS, { ...PAYMENTS, name: "b" }] });
    const { shard, clusters } = fleetOf(raw, { files: { "a.json": `["${ID}","222222222222/eu-west-1/gone"]` } });
    assert.deepEqual([...(shard ?? [])], [ID, "222222222222/eu-west-1/gone"]);
    assert.equal(clusters.length, 2);
  });

  it("is null where the stack holds everything", () => assert.equal(fleetOf(config()).shard, null));

  it("is a file that is read with the others, and its path stays text", () => {
    assert.deepEqual(referencedFiles({ shard: "a.json" }), ["a.json"]);
    assert.deepEqual(curfewConfig({ "curfew:shard": "12" }), { shard: "12" });
  });

  const files: readonly [what: string, text: string | undefined, problem: string][] = [
    ["is not there", undefined, 'shard: names a file that cannot be read: "a.json"'],
    ["is no JSON", "[", "shard: a.json must be a JSON list of clusters as account/region/name"],
    ["holds names", '["payments-dev"]', "shard: a.json must be a JSON list of clusters as account/region/name"],
  ];
  for (const [what, text, problem] of files) {
    it(`is refused when its file ${what}`, () => {
      const parsed = parse(config({ shard: "a.json" }), { files: text === undefined ? {} : { "a.json": text } });
      assert.deepEqual(problemsOf(parsed), [problem]);
    });
  }

  it("must not be in the catalogue", () => {
    const parsed = parse(config({ catalogue: "c.yaml" }), { files: { "c.yaml": "shard: a.json" } });
    assert.deepEqual(problemsOf(parsed), [
      "catalogue.shard: must not be there: which clusters a stack holds is said in the stack's own config",
    ]);
  });
});

describe("the deployer's settings", () => {
  it("are absent, or complete", () => {
    assert.equal(fleetOf(config()).deployer, null);
    assert.deepEqual(fleetOf(config({ deployer: {} })).deployer, { clustersPerStack: 100 });
    assert.deepEqual(fleetOf(config({ deployer: { clustersPerStack: 30 } })).deployer, { clustersPerStack: 30 });
  });

  it("keep stacks to at most 300 clusters", () => {
    assert.deepEqual(problemsOf(parse(config({ deployer: { clustersPerStack: 301 } }))), [
      "deployer.clustersPerStack: must be at most 300, not 301",
    ]);
  });
});

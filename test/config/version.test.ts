import assert from "node:assert/strict";

import { config, fleetOf, parse, problemsOf } from "./declared.js";

const NOTE = '"Config versions" in the README';

describe("the config's version", () => {
  it("may be left out, and is 1", () => {
    for (const version of [undefined, null, 1]) assert.equal(fleetOf(config({ version })).clusters.length, 1);
  });

  const refused: readonly [version: unknown, problem: string][] = [
    [
      2,
      `version: is 2, the form of a later Curfew, and this one reads 1: update Curfew, or see ${NOTE} for the way back`,
    ],
    [
      0,
      `version: is 0, the form of an earlier Curfew, and this one reads 1: bring the file up to date as ${NOTE} says`,
    ],
    ["1.0", 'version: must be 1, the version of the config\'s form, not "1.0"'],
  ];
  for (const [version, problem] of refused) {
    it(`is the only problem that is told when it is ${JSON.stringify(version)}`, () => {
      assert.deepEqual(problemsOf(parse(config({ version, clusters: "other form", colour: 1 }))), [problem]);
    });
  }

  it("is looked at in the catalogue, too", () => {
    const raw = config({ catalogue: "fleet.yaml" });
    const [problem = ""] = problemsOf(parse(raw, { files: { "fleet.yaml": "version: 3\nclusters: { a: b }" } }));
    assert.match(problem, /^catalogue\.version: is 3, the form of a later Curfew/);
  });
});

import assert from "node:assert/strict";

import { checkInputs } from "../../runtime/resource/check.js";
import { inputsFor, PAY } from "./fixture.js";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

describe("check of a ClusterSchedule", () => {
  it("accepts what the stack program declares, and hands it on as it is", () => {
    const inputs = inputsFor(["Mon-Fri 07:00-19:00"]);
    assert.deepEqual(checkInputs(inputs), { inputs, failures: [] });
  });

  it("refuses readable fields that contradict the declaration, all at once", () => {
    const { failures } = checkInputs({ ...inputsFor("always"), cluster: "other", account: "222222222222" });
    assert.deepEqual(failures, [
      { property: "cluster", reason: 'must be "pay", as in the declaration' },
      { property: "account", reason: 'must be "111111111111", as in the declaration' },
    ]);
  });

  it("names every missing input", () => {
    const { failures } = checkInputs({ account: 7 });
    assert.deepEqual(
      failures.map(({ property }) => property),
      ["cluster", "account", "region", "schedule", "declaration"],
    );
  });

  it("says everything that is wrong with a declaration, and where", () => {
    const inputs = inputsFor("always");
    const declaration = inputs.declaration.replace('"UTC"', '"Mars/Olympus"').replace('"always"', '"sometimes"');
    const { failures } = checkInputs({ ...inputs, declaration });
    assert.deepEqual(
      failures.map(({ property, reason }) => [property, reason.split(" ")[0]]),
      [
        ["declaration", "schedule.input.awake"],
        ["declaration", "schedule.input.timezone"],
      ],
    );
  });

  it("refuses an excluded cluster, with the reason that was given", () => {
    const excluded = inputsFor("always", {}, { clusters: [PAY], exclusions: [{ cluster: "pay", reason: "pager" }] });
    const { failures } = checkInputs(excluded);
    assert.equal(failures.length, 1);
    assert.match(failures[0]?.reason ?? "", /the cluster is excluded \(pager\)/);
  });

  it("refuses an empty path of the state file", () => {
    const { failures } = checkInputs({ ...inputsFor("always"), statePath: "" });
    assert.deepEqual(failures, [{ property: "statePath", reason: "must be the path of the state file" }]);
  });

  it("lets a preview pass that does not know the values yet", () => {
    assert.deepEqual(checkInputs({ ...inputsFor("always"), declaration: UNKNOWN }).failures, []);
  });
});

import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { ClusterSchedule, provider } from "../../dynamic-providers/cluster-schedule.js";

describe("the text of the provider that Pulumi keeps", () => {
  let text: string;

  before(async () => {
    // As the SDK does it: a function that gives the provider.
    text = (await pulumi.runtime.serializeFunction(() => provider)).text;
  });

  it("is short, as it stands twice in the state of every cluster", () => {
    assert.ok(text.length < 2_000, `it has ${text.length} characters`);
  });

  it("carries no code but its own: everything else is found at run time", () => {
    assert.deepEqual(text.match(/require\(/g), null);
    assert.deepEqual([...new Set(text.match(/import\([^)]*\)/g))], ['import("curfew/runtime")']);
    assert.deepEqual(Object.keys(provider).sort(), ["check", "create", "delete", "diff", "read", "update"]);
  });

  it("stays as it is: resources keep the text with which they were last written", () => {
    const calls = text.match(/clusterSchedule\.\w+\(\.\.\.a\)/g)?.toSorted();
    const methods = ["check", "create", "diff", "read", "remove", "update"];
    assert.deepEqual(
      calls,
      methods.map((method) => `clusterSchedule.${method}(...a)`),
    );
  });

  it("has a type of its own for policies", () => {
    assert.equal(ClusterSchedule.__pulumiType, "pulumi-nodejs:dynamic/curfew:ClusterSchedule");
  });
});

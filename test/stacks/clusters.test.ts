import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import type * as Clusters from "../../stacks/clusters.js";
import { readFleet } from "../../stacks/fleet.js";

interface Declared {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

const declared: Declared[] = [];

describe("the stack's resources", () => {
  let declareClusters: typeof Clusters.declareClusters;
  let streamClusters: typeof Clusters.streamClusters;

  before(async () => {
    // Mocks must be there before a module that creates resources is loaded.
    await pulumi.runtime.setMocks({
      newResource: ({ type, name, inputs }) => {
        const properties = inputs as Readonly<Record<string, unknown>>;
        declared.push({ type, name, inputs: properties });
        return { id: name, state: { ...properties, state: "running", wanted: "running", rule: "a rule" } };
      },
      call: () => ({}),
    });
    ({ declareClusters, streamClusters } = await import("../../stacks/clusters.js"));
  });

  it("are one ClusterSchedule for each cluster that is not excluded, and a row of the table each", async () => {
    const config = {
      "curfew:schedules": JSON.stringify({ office: { timezone: "UTC", awake: "always" } }),
      "curfew:state": "team.db",
      "curfew:exclusions": JSON.stringify([{ cluster: "*-critical", reason: "pager" }]),
      "curfew:clusters": JSON.stringify([
        { name: "pay", account: "111111111111", region: "eu-west-1", schedule: "office" },
        { name: "pay-critical", account: "111111111111", region: "eu-west-1" },
        { name: "pay", account: "222222222222", region: "eu-west-1", schedule: "office" },
      ]),
    };
    const rows = declareClusters(await readFleet(config, {}, () => Promise.reject(new Error("no files"))));
    const { clusterTable } = await import("../../stacks/cluster-table.js");
    const table = await new Promise<string>((resolve) => clusterTable(rows).apply(resolve));
    const seen = { region: "eu-west-1", schedule: "office", state: "running", wanted: "running", rule: "a rule" };
    assert.deepEqual(JSON.parse(table), [
      { cluster: "pay", account: "111111111111", ...seen },
      { cluster: "pay", account: "222222222222", ...seen },
    ]);
    assert.equal(table.split("\n").length, 4, "a line for each cluster");
    assert.deepEqual(
      rows.map(({ cluster, account, region, schedule }) => [cluster, account, region, schedule]),
      [
        ["pay", "111111111111", "eu-west-1", "office"],
        ["pay", "222222222222", "eu-west-1", "office"],
      ],
    );
    assert.deepEqual(
      declared.map(({ type, name, inputs }) => [type, name, inputs["account"], inputs["statePath"]]).toSorted(),
      [
        ["pulumi-nodejs:dynamic/curfew:ClusterSchedule", "pay-111111111111-eu-west-1", "111111111111", "team.db"],
        ["pulumi-nodejs:dynamic/curfew:ClusterSchedule", "pay-222222222222-eu-west-1", "222222222222", "team.db"],
      ],
    );
  });

  it("reach the engine while the rest of many is still being declared", async () => {
    const name = (index: number) => `many-${index}`;
    const config = {
      "curfew:schedules": JSON.stringify({ office: { timezone: "UTC", awake: "always" } }),
      "curfew:clusters": JSON.stringify(
        Array.from({ length: 200 }, (_, index) => ({
          name: name(index),
          account: "111111111111",
          region: "eu-west-1",
          schedule: "office",
        })),
      ),
    };
    const fleet = await readFleet(config, {}, () => Promise.reject(new Error("no files")));
    declared.length = 0;
    const rows = await streamClusters(fleet);
    assert.ok(declared.length > 0, "none had been registered when the last was declared");
    assert.deepEqual(
      rows.map(({ cluster }) => cluster),
      Array.from({ length: 200 }, (_, index) => name(index)),
    );
  });
});

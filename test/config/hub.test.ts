import assert from "node:assert/strict";

import { config, fleetOf, parse, PAYMENTS, problemsOf } from "./declared.js";

const HUB = { region: "ap-southeast-2" };

describe("the declared hub", () => {
  it("is absent unless it is declared and enabled", () => {
    assert.equal(fleetOf(config()).hub, null);
    assert.equal(fleetOf(config({ hub: { ...HUB, enabled: false } })).hub, null);
    assert.equal(fleetOf(config({ hub: { ...HUB, enabled: false } })).state, null);
  });

  it("needs no more than a Region, and keeps the fleet's state", () => {
    const { hub, state } = fleetOf(config({ hub: HUB }));
    assert.equal(state, "dynamodb://ap-southeast-2/curfew-fleet?shards=16");
    assert.deepEqual(
      [hub?.prefix, hub?.shards, hub?.partitions, hub?.dueShards, hub?.assignment, hub?.converge],
      ["curfew", 2, 1, 16, "hash", "hub"],
    );
    assert.deepEqual(hub?.workers, { timeoutSeconds: 120, memoryMb: 1024, maximumConcurrency: 25, batchSize: 10 });
    assert.ok(Object.isFrozen(hub.workers));
  });

  const converges: readonly [what: string, hub: object | null, converge: unknown, expected: boolean][] = [
    ["`pulumi up` without a hub", null, undefined, true],
    ["the hub where there is one", HUB, undefined, false],
    ["`pulumi up` where the hub leaves it to it", { ...HUB, converge: "up" }, undefined, true],
    ["`pulumi up` for a cluster that says so", HUB, "up", true],
    ["`pulumi up` for a cluster that says so in the old way", HUB, true, true],
    ["the hub for a cluster that says so", { ...HUB, converge: "up" }, "hub", false],
    ["nobody for a cluster that says so", null, false, false],
  ];
  for (const [what, hub, converge, expected] of converges) {
    it(`has its clusters taken to their states by ${what}`, () => {
      const cluster = { ...PAYMENTS, ...(converge === undefined ? {} : { converge }) };
      assert.equal(fleetOf(config({ hub, clusters: [cluster] })).clusters[0]?.converge, expected);
    });
  }

  const refusals: readonly [what: string, changes: Readonly<Record<string, unknown>>, problems: readonly string[]][] = [
    ["no Region", { hub: {} }, ["hub.region: is required: an AWS Region such as ap-southeast-2"]],
    [
      "a state file beside it",
      { hub: HUB, state: "team.db" },
      ["state: must not be there beside a hub, whose table keeps the state: remove it"],
    ],
    [
      "a cluster that leaves itself to a hub which is not there",
      { clusters: [{ ...PAYMENTS, converge: "hub" }] },
      ["clusters[0].converge: needs a hub: declare one under hub, or leave this out"],
    ],
    [
      "a cluster that leaves itself to nobody known",
      { clusters: [{ ...PAYMENTS, converge: "later" }] },
      ["clusters[0].converge: must be up, hub, true or false"],
    ],
    [
      "more planners than there are shards of the index",
      { hub: { ...HUB, partitions: 8, dueShards: 4 } },
      ["hub.partitions: must not be more than dueShards: a planner without a share of the index has nothing to do"],
    ],
    [
      "a summary at no hour of the day",
      { hub: { ...HUB, summaryHour: 24 } },
      ["hub.summaryHour: must be at most 23, not 24"],
    ],
    [
      "a summary at an hour in words",
      { hub: { ...HUB, summaryHour: "six" } },
      ["hub.summaryHour: must be an hour of the day in UTC, 0 to 23, or false"],
    ],
    [
      "a dashboard for what is no account",
      { hub: { ...HUB, accountDashboards: [222222222222] } },
      [
        'hub.accountDashboards[0]: must be twelve digits in quotes, because YAML reads them as a number and drops leading zeros: write "222222222222"',
      ],
    ],
    [
      "an account that shall have its dashboard twice",
      { hub: { ...HUB, accountDashboards: ["222222222222", "222222222222"] } },
      ["hub.accountDashboards: must name each account once"],
    ],
    [
      "more dashboards than anybody looks at",
      { hub: { ...HUB, accountDashboards: Array.from({ length: 51 }, (_, index) => String(222222222222 + index)) } },
      ["hub.accountDashboards: must name at most 50 accounts"],
    ],
    [
      "spokes without an organisation, in no unit",
      { hub: { ...HUB, spokes: { organizationalUnits: ["sandbox"] } } },
      [
        "hub.spokes.organizationId: is required: the organisation's id, such as o-a1b2c3d4e5",
        "hub.spokes.organizationalUnits[0]: must be an organisational unit's id (ou-ab12-c3d4e5f6) or the root's (r-ab12)",
      ],
    ],
    [
      "everything at once",
      { hub: { ...HUB, shard: 3, prefix: "Curfew", workers: { maximumConcurrency: 1 }, assignment: "cluster" } },
      [
        "hub.prefix: must be 2 to 23 small letters, digits and -, beginning with a letter",
        'hub.assignment: must be one of region, account, hash, not "cluster"',
        "hub.workers.maximumConcurrency: must be at least 2, not 1",
        'hub.shard: is not a known key: did you mean "shards"?',
      ],
    ],
  ];
  for (const [what, changes, problems] of refusals) {
    it(`is refused with ${what}`, () => {
      assert.deepEqual(problemsOf(parse(config(changes))).toSorted(), [...problems].toSorted());
    });
  }
});

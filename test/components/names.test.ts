import assert from "node:assert/strict";

import fc from "fast-check";

import { accountDashboardName, hubNames, logGroupName, type HubNames } from "../../components/hub/names.js";

/** AWS's own limits, by kind of thing. */
function namesByLimit(
  names: HubNames,
): readonly (readonly [limit: number, allowed: RegExp, names: readonly string[]])[] {
  const plain = /^[\w-]+$/;
  const ticks = names.planners.map((_, partition) => `${names.tick}-${partition}`);
  return [
    [64, plain, [...names.planners, ...names.workers, names.campaign]],
    [80, plain, [names.campaigns]],
    [64, plain, [...Object.values(names.roles)]],
    [64, plain, [names.tickGroup, ...ticks]],
    [80, plain, [...names.queues.flatMap(({ queue, dead }) => [queue, dead]), names.missedTicks]],
    [255, /^[\w.-]{3,}$/, [names.table]],
    [256, plain, [names.topic]],
    [256, plain, [names.bus]],
    [255, plain, [names.dashboard, accountDashboardName(names, "012345678901")]],
    [512, /^[\w./#-]+$/, [...names.planners, ...names.workers, names.campaign].map(logGroupName)],
  ];
}

const settings = fc.record({
  prefix: fc.stringMatching(/^[a-z][a-z0-9-]{0,21}[a-z0-9]$/),
  region: fc.constantFrom("eu-west-1", "ap-southeast-2", "us-gov-west-1", "ap-northeast-3"),
  shards: fc.integer({ min: 1, max: 30 }),
  partitions: fc.integer({ min: 1, max: 16 }),
});

describe("the hub's names", () => {
  it("are such as AWS takes, and each kind of thing has each name once", () => {
    fc.assert(
      fc.property(settings, (made) => {
        for (const [limit, allowed, names] of namesByLimit(hubNames(made))) {
          assert.deepEqual(
            names.filter((name) => name.length > limit || !allowed.test(name)),
            [],
          );
          assert.equal(new Set(names).size, names.length);
        }
      }),
    );
  });

  it("follow from prefix and Region alone", () => {
    const one = hubNames({ prefix: "curfew", region: "eu-west-1", shards: 1, partitions: 1 });
    assert.deepEqual(one, {
      prefix: "curfew",
      table: "curfew-fleet",
      queues: [{ queue: "curfew-work-0", dead: "curfew-work-0-dead" }],
      missedTicks: "curfew-ticks-dead",
      planners: ["curfew-planner-0"],
      worker: "curfew-worker",
      workers: ["curfew-worker-0"],
      tick: "curfew-tick",
      tickGroup: "curfew",
      campaign: "curfew-campaign",
      campaigns: "curfew-campaigns",
      topic: "curfew-announcements",
      bus: "curfew",
      dashboard: "curfew-eu-west-1",
      roles: {
        planner: "curfew-planner-eu-west-1",
        worker: "curfew-worker-eu-west-1",
        tick: "curfew-tick-eu-west-1",
        campaign: "curfew-campaign-eu-west-1",
        campaigns: "curfew-campaigns-eu-west-1",
      },
    });
  });
});

import assert from "node:assert/strict";

import { settingsSchema } from "../../runtime/cycle/index.js";
import { runFixture } from "./fixture.js";

describe("a cluster that is declared out of reach", () => {
  it("is neither put to sleep undrained nor looked at, and the report says what would help", async () => {
    for (const dryRun of [false, true]) {
      const { run, world, ports } = runFixture();
      const identity = { account: "111111111111", region: "eu-west-1", name: "pay" };
      const refusing = { capacity: () => assert.fail("looked at"), kubernetes: () => assert.fail("looked at") };
      const report = await run("hibernated", {
        cluster: {
          id: "111111111111/eu-west-1/pay",
          identity,
          access: { reach: "api-only" },
          settings: settingsSchema.parse({}),
          exclusion: null,
          exclusionsByTag: [],
        },
        dryRun,
        ports: { ...ports, connector: refusing },
      });
      assert.deepEqual([report.result, report.failure?.code], ["blocked", "endpoint-unreachable"]);
      assert.match(report.failure?.remedy ?? "", /PrivateDrain/);
      assert.deepEqual(world.mutations(), []);
    }
  });
});

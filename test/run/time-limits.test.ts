import assert from "node:assert/strict";

import type { SettingsInput } from "../../runtime/cycle/index.js";
import { runFixture, type RunFixture } from "./fixture.js";

/** A pod that takes ten minutes to end. */
function slowPods({ cluster }: RunFixture): void {
  cluster.addDeployment({ name: "slow", replicas: 2, graceSeconds: 600 });
}

/** Two pods that their budget keeps. */
function heldPods({ cluster }: RunFixture): void {
  cluster.addDeployment({ name: "web", replicas: 2 });
  cluster.putBudget({ name: "web", minAvailable: 2 });
}

describe("every layer of waiting", () => {
  const cases: readonly [
    words: string,
    arrange: (fixture: RunFixture) => void,
    settings: SettingsInput,
    code: string,
  ][] = [
    ["a drain", heldPods, { drain: { timeoutSeconds: 60 } }, "drain-blocked"],
    [
      "a group",
      ({ cluster }) => {
        cluster.startForeignUpdate("managed/general", 3_600_000);
      },
      { resizeTimeoutSeconds: 60 },
      "group-busy",
    ],
    ["a whole run", slowPods, { runTimeoutSeconds: 60 }, "timed-out"],
  ];
  for (const [words, arrange, settings, code] of cases) {
    it(`ends with a code of its own: ${words}`, async () => {
      const fixture = runFixture();
      arrange(fixture);
      const report = await fixture.run("hibernated", { settings });
      assert.equal(report.failure?.code, code, report.summary);
    });
  }
});

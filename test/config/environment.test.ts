import assert from "node:assert/strict";

import { settingLeaves, settingsFromEnvironment, variableName } from "../../runtime/config/index.js";
import { problemsOf, valueOf } from "./declared.js";

describe("settings from environment variables", () => {
  it("names a variable for every setting after its path", () => {
    const names = settingLeaves().map(({ path }) => variableName(path));
    for (const name of [
      "CURFEW_DRAIN_TIMEOUT_SECONDS",
      "CURFEW_DRAIN_POLICY",
      "CURFEW_DRAIN_DELETE_EMPTY_DIR_DATA",
      "CURFEW_DRAIN_MAX_PODS_IN_FLIGHT_PER_BUDGET",
      "CURFEW_RUN_TIMEOUT_SECONDS",
      "CURFEW_NODES_STABLE_SECONDS",
      "CURFEW_LEASE_SECONDS",
    ]) {
      assert.ok(names.includes(name), name);
    }
    assert.equal(new Set(names).size, names.length);
  });

  it("reads numbers, choices and yes or no, and leaves what is not a setting alone", () => {
    const patch = valueOf(
      settingsFromEnvironment({
        CURFEW_DRAIN_TIMEOUT_SECONDS: "60",
        CURFEW_DRAIN_POLICY: "force-at-deadline",
        CURFEW_DRAIN_DELETE_EMPTY_DIR_DATA: "true",
        CURFEW_NODES_STABLE_SECONDS: "0",
        CURFEW_RUN_TIMEOUT_SECONDS: "",
        CURFEW_STATE: "elsewhere.db",
        PATH: "/bin",
      }),
    );
    assert.deepEqual(patch, {
      drain: { timeoutSeconds: 60, policy: "force-at-deadline", deleteEmptyDirData: true },
      nodesStableSeconds: 0,
    });
  });

  it("names every variable that cannot be used, and what would be right", () => {
    const parsed = settingsFromEnvironment({
      CURFEW_DRAIN_TIMEOUT_SECONDS: "0",
      CURFEW_DRAIN_POLICY: "force",
      CURFEW_DRAIN_MAX_NODES: "many",
      CURFEW_DRAIN_OVERRIDE_PROTECTION: "yes",
      CURFEW_RUN_TIMEOUT_SECONDS: "1.5",
      CURFEW_LEASE_SECONDS: "4000",
    });
    assert.deepEqual(
      new Set(problemsOf(parsed)),
      new Set([
        'environment.CURFEW_DRAIN_TIMEOUT_SECONDS: must be at least 1, not 0 (0 does not mean "no limit": every bound is finite)',
        'environment.CURFEW_DRAIN_POLICY: must be one of wait, scale-owners, force-at-deadline, not "force"',
        'environment.CURFEW_DRAIN_MAX_NODES: must be a number, not "many"',
        'environment.CURFEW_DRAIN_OVERRIDE_PROTECTION: must be true or false, not "yes"',
        "environment.CURFEW_RUN_TIMEOUT_SECONDS: must be a whole number, not 1.5",
        "environment.CURFEW_LEASE_SECONDS: must be at most 3600, not 4000",
      ]),
    );
  });
});

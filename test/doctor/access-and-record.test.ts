import assert from "node:assert/strict";

import { doctorFixture, told } from "./fixture.js";

describe("the check of access", () => {
  it("blocks on the aws-auth ConfigMap alone, and on a cluster that is not ACTIVE", async () => {
    const mapped = await doctorFixture({ authenticationMode: "CONFIG_MAP" }).check("access");
    assert.match(mapped.findings[0]?.remedy ?? "", /access entries/);
    const failed = await doctorFixture({ status: "FAILED" }).check("access");
    assert.deepEqual([mapped.status, failed.status], ["blocked", "blocked"]);
  });

  it("tells how the API server is reached", async () => {
    const [open, closed] = await Promise.all(
      [true, false].map((hasPublicEndpoint) => doctorFixture({ hasPublicEndpoint }).check("access")),
    );
    assert.match(told(open!).join("\n"), /straight from here/);
    assert.match(told(closed!).join("\n"), /private: reached through a relay/);
  });
});

describe("the check of the record", () => {
  it("blocks the wake of a cluster at zero whose sizes nobody saved", async () => {
    const asleep = { min: 0, desired: 0, max: 4 };
    const { check } = doctorFixture({ groups: [{ name: "general", size: asleep }] });
    const { status, findings } = await check("record");
    assert.equal(status, "blocked");
    assert.match(findings[0]?.remedy ?? "", /--min-nodes/);
  });

  it("is content with a cluster that Curfew put to sleep", async () => {
    const { run, check } = doctorFixture();
    assert.equal((await run("hibernated", { drain: { timeoutSeconds: 60 } })).result, "completed");
    assert.equal((await check("record")).status, "ok");
  });

  it("warns of a last run that failed", async () => {
    const { cluster, run, check } = doctorFixture();
    cluster.addBarePod({ name: "debug" });
    await run("hibernated");
    assert.match(told(await check("record"))[0] ?? "", /^warning: The last run ended blocked \[pods-refused\]/);
  });

  it("blocks on a record that cannot be read, and still looks at everything else", async () => {
    const { ports, examine } = doctorFixture();
    const clusterId = "111111111111/eu-west-1/pay";
    const lease = await ports.store.acquireLease({ clusterId, operationId: "x", now: 0, expiresAt: 1 });
    assert.equal(lease.kind, "acquired");
    const record = { clusterId, cycleId: "c", openedAt: 0, snapshot: "{}", progress: "{}" };
    await ports.store.openCycle(lease.lease, record);
    const { checks } = await examine();
    const notOk = checks.filter(({ status }) => status !== "ok").map(({ check, status }) => [check, status]);
    assert.deepEqual(notOk, [["record", "blocked"]]);
  });
});

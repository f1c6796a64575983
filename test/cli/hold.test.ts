import assert from "node:assert/strict";

import { activeHold } from "../../runtime/fleet/index.js";
import { cliFixture, NOW, type CliFixture } from "./fixture.js";

const HOLD_PAY = ["hold", "pay", "--stack", "dev", "--reason", "load test"];

async function holdOf({ store }: CliFixture) {
  return activeHold((await store.readCluster("111111111111/eu-west-1/pay"))?.hold, NOW);
}

describe("curfew hold and release", () => {
  it("notes a hold, says when it ends and what carries it out", async () => {
    const fixture = cliFixture();
    const told = await fixture.curfew(...HOLD_PAY, "--state", "running", "--until", "22:00");
    assert.equal(told.code, 0);
    assert.equal(
      told.out,
      "pay: held running until 2026-01-05T21:00:00Z, then the calendar rules again. Noted only: `curfew wake pay` or `pulumi up` carries it out now.\n",
    );
    const until = Date.parse("2026-01-05T21:00:00Z");
    assert.deepEqual(await holdOf(fixture), { state: "running", until, reason: "load test", owner: "ana" });
    assert.equal(fixture.changes(), 0);
  });

  it("carries it out at once with --now", async () => {
    const fixture = cliFixture();
    const told = await fixture.curfew(...HOLD_PAY, "--state", "hibernated", "--until", "+2d", "--now", "--json");
    assert.equal(told.code, 0);
    const { holds, reports } = told.json() as { holds: object[]; reports: { reached: string }[] };
    const place = { cluster: "pay", account: "111111111111", region: "eu-west-1" };
    assert.deepEqual(holds, [
      { ...place, state: "hibernated", until: "2026-01-07T19:00:00Z", reason: "load test", owner: "ana" },
    ]);
    assert.deepEqual(
      reports.map(({ reached }) => reached),
      ["hibernated"],
    );
    assert.deepEqual(await fixture.cluster("pay").kubernetes.listNodes(), []);
  });

  it("takes another owner's name", async () => {
    const fixture = cliFixture();
    await fixture.curfew(...HOLD_PAY, "--state", "running", "--until", "+1h", "--owner", "ben");
    assert.equal((await holdOf(fixture))?.owner, "ben");
  });

  it("keeps the clusters of a hold from being called out of place by the calendar", async () => {
    const { curfew } = cliFixture();
    await curfew(...HOLD_PAY, "--state", "running", "--until", "+8h");
    assert.doesNotMatch((await curfew("wake", "pay", "--stack", "dev")).out, /calendar wants/);
    assert.match(
      (await curfew("hibernate", "pay", "--stack", "dev")).out,
      /a hold wants it running .*`curfew release pay`/,
    );
  });

  it("refuses an end that has passed with 2, and notes nothing", async () => {
    const fixture = cliFixture();
    const told = await fixture.curfew(...HOLD_PAY, "--state", "running", "--until", "2026-01-05T19:00:00Z");
    assert.equal(told.code, 2);
    assert.match(told.err, /has passed/);
    assert.equal(await holdOf(fixture), undefined);
  });

  it("refuses excluded clusters with 3, and then notes nothing for the others either", async () => {
    const fixture = cliFixture();
    const told = await fixture.curfew(
      "hold",
      "--all",
      "--stack",
      "dev",
      "--reason",
      "x",
      "--state",
      "running",
      "--until",
      "+1h",
    );
    assert.equal(told.code, 3);
    assert.match(told.err, /\[cluster-excluded\].*ledger-critical \(runs the pager\)/);
    assert.equal(await holdOf(fixture), undefined);
  });

  it("releases, and says what the calendar wants now; twice is safe", async () => {
    const fixture = cliFixture();
    await fixture.curfew(...HOLD_PAY, "--state", "running", "--until", "+8h");
    const told = await fixture.curfew("release", "pay", "--stack", "dev");
    assert.equal(told.code, 0);
    assert.match(told.out, /^pay: released; the calendar wants it hibernated .*`curfew hibernate pay`/);
    assert.equal(await holdOf(fixture), undefined);
    const again = await fixture.curfew("release", "pay", "--stack", "dev", "--json");
    assert.deepEqual(again.json(), {
      released: [
        {
          cluster: "pay",
          account: "111111111111",
          region: "eu-west-1",
          wasHeld: false,
          wanted: "hibernated",
          rule: "end of window Mon-Fri 07:00-19:00",
        },
      ],
    });
  });
});

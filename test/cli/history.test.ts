import assert from "node:assert/strict";

import { cliFixture } from "./fixture.js";

interface Entry {
  readonly at: string | null;
  readonly kind: string;
  readonly cycleId: string | null;
  readonly reportId: string | null;
  readonly sentence: string;
}

describe("curfew history", () => {
  it("tells a night in sentences, newest first, with the hold in force at its head", async () => {
    const { curfew } = cliFixture();
    await curfew("hibernate", "pay", "--stack", "dev", "--reason", "test night");
    await curfew("wake", "pay", "--stack", "dev");
    await curfew("hold", "pay", "--stack", "dev", "--state", "running", "--until", "+8h", "--reason", "load test");
    const told = await curfew("history", "pay", "--stack", "dev");
    assert.equal(told.code, 0);
    const lines = told.out.trimEnd().split("\n");
    const expected = [
      /^\S+Z {2}held running until 2026-01-06T03:\d\d:\d\dZ by ana: load test \(in force now\)$/,
      /^\S+Z {2}wake for a person \(ana ran curfew wake\): completed after [\d.]+ s, managed\/general 0 → 3\. It is asleep\.$/,
      /^\S+Z {2}cycle id-\d+, opened at 2026-01-05T19:00:00Z, was closed/,
      /^\S+Z {2}hibernate for a person \(test night\): completed after [\d.]+ s, managed\/general 3 → 0\. It is running\.$/,
      /^2026-01-05T19:00:00Z {2}the sizes to restore were saved: cycle id-\d+ opened$/,
    ];
    assert.equal(lines.length, expected.length, told.out);
    for (const [index, line] of lines.entries()) assert.match(line, expected[index]!);
  });

  it("gives the same as one document", async () => {
    const { curfew } = cliFixture();
    await curfew("hibernate", "pay", "--stack", "dev");
    const told = await curfew("history", "pay", "--stack", "dev", "--json");
    const { events, ...place } = told.json() as { events: readonly Entry[] };
    assert.deepEqual(place, { cluster: "pay", account: "111111111111", region: "eu-west-1" });
    assert.deepEqual(
      events.map(({ kind, cycleId, reportId }) => [kind, cycleId === null, reportId === null]),
      [
        ["run", false, false],
        ["cycle-opened", false, true],
      ],
    );
    assert.match(events[0]?.at ?? "", /^2026-01-05T19:\d\d:\d\dZ$/);
    assert.match(events[0]?.sentence ?? "", /^hibernate for a person/);
  });

  it("goes back as far as asked, and says so when nothing is on record", async () => {
    const { curfew } = cliFixture();
    await curfew("hibernate", "pay", "--stack", "dev");
    const later = await curfew("history", "pay", "--stack", "dev", "--since", "2026-01-06T00:00:00Z");
    assert.deepEqual([later.code, later.out], [0, "pay: nothing is on record.\n"]);
    assert.match((await curfew("history", "pay", "--stack", "dev", "--since", "1d")).out, /hibernate for/);
  });

  it("tells why a run failed", async () => {
    const fixture = cliFixture();
    fixture.cluster("pay").faults.begin("credentials-expired");
    await fixture.curfew("hibernate", "pay", "--stack", "dev");
    assert.match(
      (await fixture.curfew("history", "pay", "--stack", "dev")).out,
      /: failed after .*\[credentials-expired\] /,
    );
  });

  it("asks nothing of AWS and changes nothing", async () => {
    const fixture = cliFixture();
    fixture.cluster("pay").faults.begin("credentials-missing");
    assert.equal((await fixture.curfew("history", "pay", "--stack", "dev")).code, 0);
    assert.equal(fixture.changes(), 0);
  });
});

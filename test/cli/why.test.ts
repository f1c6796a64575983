import assert from "node:assert/strict";

import { openJournal, serialiseJournal } from "../../runtime/cycle/index.js";
import type { RunReport } from "../../runtime/run/index.js";
import { runReport } from "../fleet/run-report.js";
import { cliFixture, type CliFixture } from "./fixture.js";

const CALENDAR =
  "The calendar wants it hibernated since 2026-01-05T18:00:00Z (end of window Mon-Fri 07:00-19:00), from 2026-01-06T06:00:00Z on running (window Mon-Fri 07:00-19:00).";

/** Stores a report of `pay` that ended at an instant. */
async function remember({ store }: CliFixture, finishedAt: string, changes: Partial<RunReport> = {}): Promise<void> {
  const report = runReport({ finishedAt: Date.parse(finishedAt), ...changes });
  const { clusterId, reportId } = report;
  await store.addReport({ clusterId, reportId, finishedAt: report.finishedAt, body: JSON.stringify(report) });
}

/** What a run leaves in the store that was killed right after it began. */
async function openCycle({ store }: CliFixture, startedAt: string): Promise<void> {
  const clusterId = "111111111111/eu-west-1/pay";
  const openedAt = Date.parse(startedAt);
  const answered = await store.acquireLease({ clusterId, operationId: "op", now: openedAt, expiresAt: openedAt + 1 });
  assert.ok(answered.kind === "acquired");
  const progress = serialiseJournal(openJournal(openedAt));
  await store.openCycle(answered.lease, { clusterId, cycleId: "cycle-1", openedAt, snapshot: "{}", progress });
}

async function answer({ curfew }: CliFixture, ...argv: readonly string[]): Promise<string> {
  const told = await curfew("why", "pay", "--stack", "dev", ...argv);
  assert.equal(told.code, 0, told.err);
  return told.out.trimEnd();
}

describe("curfew why", () => {
  it("says that the cluster is as the calendar wants it, and which run took it there", async () => {
    const fixture = cliFixture();
    await remember(fixture, "2026-01-05T18:02:00Z");
    assert.equal(
      await answer(fixture),
      `pay is hibernated since 2026-01-05T18:02:00Z, as wanted. ${CALENDAR} The last run, a hibernate for the calendar (end of window Mon-Fri 07:00-19:00), ended at 2026-01-05T18:02:00Z, completed.`,
    );
  });

  it("gives all of it as one document", async () => {
    const fixture = cliFixture();
    await remember(fixture, "2026-01-05T18:02:00Z", { reportId: "r1" });
    const told = await fixture.curfew("why", "pay", "--stack", "dev", "--json");
    const { answer: text, ...entry } = told.json() as { answer: string };
    assert.match(text, /^pay is hibernated since /);
    assert.deepEqual(entry, {
      cluster: "pay",
      account: "111111111111",
      region: "eu-west-1",
      at: "2026-01-05T19:00:00Z",
      wanted: "hibernated",
      rule: "end of window Mon-Fri 07:00-19:00",
      since: "2026-01-05T18:00:00Z",
      next: { at: "2026-01-06T06:00:00Z", to: "running", rule: "window Mon-Fri 07:00-19:00" },
      hold: null,
      exclusion: null,
      reached: "hibernated",
      reachedSince: "2026-01-05T18:02:00Z",
      cause: "as-wanted",
      lastReport: {
        reportId: "r1",
        desired: "hibernated",
        origin: "schedule",
        requestReason: "end of window Mon-Fri 07:00-19:00",
        action: "hibernate",
        result: "completed",
        startedAt: "2026-01-05T18:01:00Z",
        finishedAt: "2026-01-05T18:02:00Z",
        failure: null,
        summary: "pay: hibernated after 60.0 s.",
      },
    });
  });

  it("says what stopped the last run and what helps", async () => {
    const fixture = cliFixture();
    const failure = { code: "drain-blocked", message: "Pods are held.", remedy: "Loosen the budget." } as const;
    await remember(fixture, "2026-01-05T18:31:00Z", { result: "blocked", reached: "running", failure });
    assert.match(
      await answer(fixture),
      /^pay is running since \S+, but should be hibernated\. .*, blocked \[drain-blocked\]: Pods are held\. Loosen the budget\.$/,
    );
  });

  it("says that a person woke it, and what takes it back", async () => {
    const fixture = cliFixture();
    await fixture.curfew("hibernate", "pay", "--stack", "dev");
    await fixture.curfew("wake", "pay", "--stack", "dev", "--reason", "incident 12");
    assert.match(
      await answer(fixture),
      /^pay is running since \S+, but should be hibernated\. .* a wake for a person \(incident 12\), .* completed\. `curfew hibernate pay` or `pulumi up` takes it there\.$/,
    );
  });

  it("says that no run has come since the calendar changed", async () => {
    const fixture = cliFixture();
    await remember(fixture, "2026-01-05T06:05:00Z", { desired: "running", reached: "running" });
    assert.match(
      await answer(fixture),
      /but should be hibernated\. .* No run has ended since that was wanted\. .*`curfew hibernate pay`/,
    );
  });

  it("says that a start by hand is respected", async () => {
    const fixture = cliFixture();
    await remember(fixture, "2026-01-05T18:40:00Z", {
      action: "nothing",
      result: "nothing-to-do",
      decisionReason: "A deliberate start is respected.",
      drift: ["Given nodes by hand while it slept: managed/general."],
    });
    assert.match(
      await answer(fixture),
      /^pay counts as hibernated .*, but something differs\. .* with nothing to do: A deliberate start is respected\. Given nodes by hand while it slept: managed\/general\.$/,
    );
  });

  it("says that nothing has been done yet", async () => {
    assert.match(
      await answer(cliFixture()),
      /^whether pay is up is not known; it should be hibernated\. .* No run is on record\. `curfew hibernate pay`/,
    );
  });

  it("says whose hold it is, until when, and what the calendar alone would want", async () => {
    const fixture = cliFixture();
    await remember(fixture, "2026-01-05T18:02:00Z");
    await fixture.curfew("hold", "pay", "--stack", "dev", "--state", "running", "--until", "+8h", "--reason", "demo");
    assert.match(
      await answer(fixture),
      /^pay is hibernated since \S+, but should be running\. A hold by ana wants it running until 2026-01-06T03:00:00Z: demo\. Without it the calendar would want it hibernated \(end of window [^)]+\)\. No run has ended since/,
    );
  });

  it("says that a run is at work, or died", async () => {
    const fixture = cliFixture();
    await remember(fixture, "2026-01-05T06:05:00Z", { desired: "running", reached: "running" });
    await openCycle(fixture, "2026-01-05T18:50:00Z");
    assert.match(
      await answer(fixture),
      /^pay is between two states \(last known running, at 2026-01-05T06:05:00Z\); it should be hibernated\. .* A hibernate began at 2026-01-05T18:50:00Z and has not ended: it is at work, or its process died/,
    );
  });

  it("says why nothing may touch an excluded cluster", async () => {
    const { curfew } = cliFixture();
    const told = await curfew("why", "ledger-critical", "--stack", "dev");
    assert.deepEqual(
      [told.code, told.out],
      [0, "ledger-critical is excluded (runs the pager): Curfew never touches it, so it is as others left it.\n"],
    );
    const { exclusion, wanted } = (await curfew("why", "ledger-critical", "--stack", "dev", "--json")).json() as {
      exclusion: string;
      wanted: null;
    };
    assert.deepEqual([exclusion, wanted], ["runs the pager", null]);
  });

  it("goes back to an instant that has passed", async () => {
    const fixture = cliFixture();
    await remember(fixture, "2026-01-05T18:02:00Z");
    await remember(fixture, "2026-01-05T06:04:00Z", { desired: "running", reached: "running" });
    assert.match(
      await answer(fixture, "--at", "2026-01-05T12:00:00Z"),
      /^At 2026-01-05T12:00:00Z: pay is running since 2026-01-05T06:04:00Z, as wanted\./,
    );
    assert.match(
      await answer(fixture, "--at", "2026-01-05T18:01:30Z"),
      /: pay is between two states \(last known running/,
    );
    assert.doesNotMatch(await answer(fixture, "--at", "2026-01-05T18:00:30Z"), /takes it there/);
  });

  it("looks ahead, and claims no state", async () => {
    const fixture = cliFixture();
    await remember(fixture, "2026-01-05T18:02:00Z");
    assert.match(
      await answer(fixture, "--at", "2026-01-06T08:00:00Z"),
      /^At 2026-01-06T08:00:00Z: pay will be wanted running\. The calendar wants it running since 2026-01-06T06:00:00Z/,
    );
  });

  it("asks nothing of AWS", async () => {
    const fixture = cliFixture();
    fixture.cluster("pay").faults.begin("credentials-missing");
    await answer(fixture);
    assert.equal(fixture.changes(), 0);
  });
});

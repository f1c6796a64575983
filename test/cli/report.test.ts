import assert from "node:assert/strict";

import { Failure } from "../../runtime/ports/index.js";
import type { RunReport } from "../../runtime/run/index.js";
import { runReport } from "../fleet/run-report.js";
import { cliFixture, NOW, type CliFixture } from "./fixture.js";

const PAY = "111111111111/eu-west-1/pay";
const SEARCH = "111111111111/eu-west-1/search";
const HOUR_MS = 3_600_000;

/** Stores a report that ended so many hours before now. */
async function remember({ store }: CliFixture, hoursAgo: number, changes: Partial<RunReport> = {}): Promise<void> {
  const report = runReport({ finishedAt: NOW - hoursAgo * HOUR_MS, reportId: `${String(hoursAgo)}h-ago`, ...changes });
  const { clusterId, reportId, finishedAt } = report;
  await store.addReport({ clusterId, reportId, finishedAt, body: JSON.stringify(report) });
}

async function reportsOf({ curfew }: CliFixture, ...argv: readonly string[]) {
  const told = await curfew("report", "--stack", "dev", "--json", ...argv);
  assert.equal(told.code, 0, told.out);
  return told.json() as { readonly reports: readonly RunReport[]; readonly isCut: boolean };
}

const idsOf = ({ reports }: { readonly reports: readonly RunReport[] }) => reports.map(({ reportId }) => reportId);

/** Pods that their budget never lets go. */
function holdPods(fixture: CliFixture): void {
  fixture.cluster("pay").addDeployment({ name: "web", replicas: 2 });
  fixture.cluster("pay").putBudget({ name: "web", minAvailable: 2 });
}

describe("curfew report", () => {
  it("lists the runs of all clusters, newest first, and asks nothing of AWS", async () => {
    const fixture = cliFixture();
    fixture.cluster("pay").faults.begin("credentials-missing");
    await remember(fixture, 30);
    await remember(fixture, 2, { clusterId: SEARCH });
    await remember(fixture, 1);
    assert.deepEqual(idsOf(await reportsOf(fixture)), ["1h-ago", "2h-ago", "30h-ago"]);
    const { out } = await fixture.curfew("report", "--stack", "dev");
    assert.match(out, /^ENDED +CLUSTER +ASKED +DECIDED +RESULT +TOOK +NODES +PODS +DRIFT +WARNINGS$/m);
    assert.match(
      out,
      /^2026-01-05T17:00:00Z +search +hibernate, by calendar +hibernate +completed +60\.0 s +- +- +0 +0$/m,
    );
  });

  it("keeps to the clusters chosen by name or tag", async () => {
    const fixture = cliFixture();
    await remember(fixture, 2, { clusterId: SEARCH });
    await remember(fixture, 1);
    assert.deepEqual(idsOf(await reportsOf(fixture, "search")), ["2h-ago"]);
    assert.deepEqual(idsOf(await reportsOf(fixture, "--tag", "team=money")), ["1h-ago"]);
  });

  it("goes back as far as asked", async () => {
    const fixture = cliFixture();
    for (const hours of [1, 24, 25, 24 * 7]) await remember(fixture, hours);
    assert.deepEqual(idsOf(await reportsOf(fixture, "--since", "24h")), ["1h-ago", "24h-ago"]);
    assert.deepEqual(idsOf(await reportsOf(fixture, "--since", "7d")).length, 4);
    assert.deepEqual(idsOf(await reportsOf(fixture, "--since", "2026-01-04T19:00:00Z")), ["1h-ago", "24h-ago"]);
  });

  it("says when there are more than it shows", async () => {
    const fixture = cliFixture();
    for (const hours of [1, 2, 3]) await remember(fixture, hours);
    const cut = await reportsOf(fixture, "--limit", "2");
    assert.deepEqual([idsOf(cut), cut.isCut], [["1h-ago", "2h-ago"], true]);
    assert.match((await fixture.curfew("report", "--stack", "dev", "--limit", "2")).err, /--limit shows more/);
    assert.equal((await reportsOf(fixture, "--limit", "3")).isCut, false);
  });

  it("shows 100 runs unless told, and every one since an instant", async () => {
    const fixture = cliFixture();
    for (let hours = 1; hours <= 101; hours++) await remember(fixture, hours);
    const { reports, isCut } = await reportsOf(fixture);
    assert.deepEqual([reports.length, isCut], [100, true]);
    assert.equal((await reportsOf(fixture, "--since", "30d")).reports.length, 101);
  });

  it("says what a real run was asked, decided and did", async () => {
    const fixture = cliFixture();
    await fixture.curfew("hibernate", "pay", "--stack", "dev", "--reason", "long weekend");
    const { out } = await fixture.curfew("report", "pay", "--stack", "dev");
    assert.match(out, /pay +hibernate, by person +hibernate +completed +[\d.]+ s +managed\/general 3 → 0 +-/);
    assert.match(out, /^ +long weekend +It is running\.$/m);
    const { reports } = await reportsOf(fixture);
    assert.deepEqual(
      reports[0]?.steps.map(({ outcome }) => outcome),
      reports[0]?.steps.map(() => "done"),
    );
  });

  it("counts the pods that a policy hit", async () => {
    const fixture = cliFixture({ environment: { CURFEW_DRAIN_POLICY: "force-at-deadline" } });
    holdPods(fixture);
    await fixture.curfew("hibernate", "pay", "--stack", "dev");
    assert.match((await fixture.curfew("report", "--stack", "dev")).out, /managed\/general 3 → 0 +2 forced/);
    const csv = (await fixture.curfew("report", "--stack", "dev", "-o", "csv")).out.split("\n");
    const [head = "", row = ""] = csv;
    assert.equal(row.split(",")[head.split(",").indexOf("podsForced")], "2");
  });

  it("says so when there is nothing, and is no failure when runs failed", async () => {
    const fixture = cliFixture();
    assert.deepEqual((await fixture.curfew("report", "--stack", "dev")).out, "No run is on record.\n");
    assert.deepEqual(await reportsOf(fixture), { reports: [], isCut: false });
    fixture.cluster("pay").faults.begin("credentials-expired");
    await fixture.curfew("hibernate", "pay", "--stack", "dev");
    const told = await fixture.curfew("report", "--stack", "dev");
    assert.equal(told.code, 0);
    assert.match(told.out, /failed[^]*\[credentials-expired\]/);
  });

  it("names reports that it cannot read, and shows the others", async () => {
    const fixture = cliFixture();
    await remember(fixture, 1);
    await fixture.store.addReport({ clusterId: PAY, reportId: "damaged", finishedAt: NOW, body: "{" });
    const told = await fixture.curfew("report", "--stack", "dev");
    assert.equal(told.code, 0);
    assert.match(told.err, /cannot read them: reports damaged/);
    assert.match(told.out, /completed/);
  });

  it("exits 1 with the store's own failure", async () => {
    const broken = new Failure({ code: "store-unavailable", message: "Disk gone.", remedy: "Find it." });
    const fixture = cliFixture({ store: (store) => ({ ...store, listReports: () => Promise.reject(broken) }) });
    const told = await fixture.curfew("report", "--stack", "dev", "-o", "json");
    assert.equal(told.code, 1);
    assert.deepEqual(told.json(), {
      error: { code: "store-unavailable", message: "Disk gone.", remedy: "Find it." },
    });
  });
});

describe("curfew report as a document", () => {
  it("is the same JSON by --json, -o json and --output=json", async () => {
    const fixture = cliFixture();
    await remember(fixture, 1, { requestReason: 'a "quoted", reason\nin two lines' });
    const { out, json } = await fixture.curfew("report", "--stack", "dev", "--json");
    for (const option of [["-o", "json"], ["-ojson"], ["--output=json"], ["--output", "json"]]) {
      assert.equal((await fixture.curfew("report", "--stack", "dev", ...option)).out, out);
    }
    const { reports } = json() as { reports: RunReport[] };
    assert.deepEqual(reports, [
      runReport({
        finishedAt: NOW - HOUR_MS,
        reportId: "1h-ago",
        requestReason: 'a "quoted", reason\nin two lines',
      }),
    ]);
  });

  it("is refused in two formats at once", async () => {
    const told = await cliFixture().curfew("report", "--stack", "dev", "--json", "-o", "csv");
    assert.equal(told.code, 2);
    const { error } = told.json() as { error: { message: string } };
    assert.match(error.message, /either --json or --output csv/);
  });

  it("has one CSV row per run, quoted where a cell needs it", async () => {
    const fixture = cliFixture();
    await remember(fixture, 1, {
      requestReason: 'a "quoted", reason\nin two lines',
      groups: [
        { id: "managed/a", before: { min: 1, desired: 3, max: 5 }, after: { min: 0, desired: 0, max: 5 } },
        { id: "asg/b", before: { min: 1, desired: 2, max: 5 }, after: { min: 0, desired: 0, max: 5 } },
      ],
      steps: [
        { id: "resize managed/a", title: "a", outcome: "done", startedAt: 1, finishedAt: 2 },
        { id: "resize asg/b", title: "b", outcome: "failed", startedAt: 1, finishedAt: 2 },
      ],
      drift: ["one"],
      result: "partial",
      reached: null,
      failure: { code: "resize-failed", message: "=cmd()", remedy: "Repair it." },
    });
    assert.equal(
      (await fixture.curfew("report", "--stack", "dev", "-o", "csv")).out,
      [
        "reportId,cycleId,account,region,cluster,startedAt,finishedAt,durationSeconds,asked,origin,requestReason,decided,decisionReason,result,reached,failureCode,failureMessage,failureRemedy,nodesBefore,nodesAfter,podsForced,podsLost,podsScaled,podsBlocked,drift,warnings",
        `1h-ago,cycle-1,111111111111,eu-west-1,pay,2026-01-05T17:59:00Z,2026-01-05T18:00:00Z,60,hibernate,schedule,"a ""quoted"", reason\nin two lines",hibernate,It is running.,partial,,resize-failed,'=cmd(),Repair it.,5,2,0,0,0,0,1,0`,
        "",
      ].join("\n"),
    );
  });

  it("has one Markdown row per run, in which no text becomes markup", async () => {
    const fixture = cliFixture({ isTty: true });
    await remember(fixture, 1, { requestReason: "a | b\n<b>*c*</b>" });
    const lines = (await fixture.curfew("report", "--stack", "dev", "-o", "markdown")).out.trimEnd().split("\n");
    assert.deepEqual(lines, [
      "| ENDED | CLUSTER | ASKED | DECIDED | RESULT | TOOK | NODES | PODS | DRIFT | WARNINGS |",
      "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
      String.raw`| 2026-01-05T18:00:00Z | pay | hibernate, by calendar<br>a \| b<br>\<b\>\*c\*\</b\> | hibernate<br>It is running. | completed | 60.0 s | - | - | 0 | 0 |`,
    ]);
  });

  it("has its head alone when there is no run", async () => {
    const { curfew } = cliFixture();
    assert.equal((await curfew("report", "--stack", "dev", "-o", "csv")).out.split("\n").length, 2);
    assert.equal((await curfew("report", "--stack", "dev", "-o", "markdown")).out.trimEnd().split("\n").length, 2);
  });
});

describe("curfew report --last", () => {
  it("shows the steps with their times, and the sizes", async () => {
    const fixture = cliFixture();
    await remember(fixture, 1);
    await fixture.curfew("hibernate", "pay", "--stack", "dev");
    const told = await fixture.curfew("report", "pay", "--stack", "dev", "--last");
    assert.equal(told.code, 0);
    assert.match(told.out, /^pay: completed at 2026-01-05T19:\d\d:\d\dZ, after [\d.]+ s$/m);
    assert.match(told.out, /^asked: {3}hibernate, by a person \(ana ran curfew hibernate\)$/m);
    assert.match(told.out, /^STARTED +TOOK +STEP +OUTCOME +DETAIL$/m);
    assert.match(told.out, /^2026-01-05T19:\d\d:\d\dZ +[\d.]+ s +cordon and drain .* done/m);
    assert.match(told.out, /^managed\/general 3 → 0$/m);
    assert.doesNotMatch(told.out, /60\.0 s/);
  });

  it("names each pod that a policy hit, and why", async () => {
    const fixture = cliFixture({ environment: { CURFEW_DRAIN_POLICY: "force-at-deadline" } });
    holdPods(fixture);
    await fixture.curfew("hibernate", "pay", "--stack", "dev");
    const { out } = await fixture.curfew("report", "pay", "--stack", "dev", "--last");
    assert.match(out, /^POD +NODE +OWNER +OUTCOME +WHY$/m);
    assert.match(
      out,
      /^default\/web-\S+ +\S+ +ReplicaSet\/web\S* +forced +deleted with \d+ s of grace after \d+ attempt\(s\): budget web needed 2, had \d$/m,
    );
  });

  it("says who is in the way of a blocked run, what failed and what helps", async () => {
    const fixture = cliFixture();
    holdPods(fixture);
    await fixture.curfew("hibernate", "pay", "--stack", "dev");
    const { out } = await fixture.curfew("report", "pay", "--stack", "dev", "--last");
    assert.match(out, /^failure: \[drain-blocked\] /m);
    assert.match(out, /^remedy: {2}\S/m);
    assert.match(out, /^default\/web-\S+ .* blocked +is held by /m);
    assert.match(out, /^managed\/general 3$/m);
  });

  it("tells drift, warnings and how long a wake took to its marks", async () => {
    const fixture = cliFixture();
    await remember(fixture, 1, {
      desired: "running",
      wake: {
        ...{ firstInstanceMs: 1_500, firstReadyNodeMs: 61_000, allNodesUsableMs: null },
        ...{ dnsReadyMs: null, webhooksRestoredMs: null, allTiersReadyMs: null },
      },
      relaxedWebhooks: [
        { webhook: "validating/policy/deny", sinceAt: NOW - HOUR_MS, why: "its Service has no endpoint" },
      ],
      drift: ["managed/web has another maximum now."],
      warnings: ["A node came late."],
    });
    const { out } = await fixture.curfew("report", "pay", "--stack", "dev", "--last");
    assert.match(out, /^Nodes\nfirst instance after 1\.5 s\nfirst node ready after 61\.0 s\n\n/m);
    assert.match(
      out,
      /^Relaxed webhooks\nvalidating\/policy\/deny, since 2026-01-05T18:00:00Z: its Service has no endpoint$/m,
    );
    assert.match(out, /^Drift\nmanaged\/web has another maximum now\.\n\nWarnings\nA node came late\.$/m);
  });

  it("is the whole newest report as JSON", async () => {
    const fixture = cliFixture();
    await remember(fixture, 2);
    await remember(fixture, 1);
    assert.deepEqual(idsOf(await reportsOf(fixture, "pay", "--last")), ["1h-ago"]);
  });
});

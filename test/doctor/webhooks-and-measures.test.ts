import assert from "node:assert/strict";

import {
  CRON_JOBS,
  ENDPOINT_SLICES,
  LEASES,
  VALIDATING_WEBHOOKS,
  type SettingsInput,
} from "../../runtime/cycle/index.js";
import { configuration, entry, slice } from "../webhooks/builders.js";
import { doctorFixture, told, type DoctorFixture } from "./fixture.js";

const GUARD = { namespace: "guard", name: "guard-svc" };

/** A cluster with a fail-closed webhook of no known product on pods everywhere. */
async function guarded({ isServing }: { readonly isServing: boolean }): Promise<DoctorFixture> {
  const fixture = doctorFixture();
  const [node] = await fixture.cluster.kubernetes.listNodes();
  fixture.cluster.objects.put(VALIDATING_WEBHOOKS, configuration([entry()]));
  if (isServing) fixture.cluster.objects.put(ENDPOINT_SLICES, slice(GUARD, [{ nodeName: node!.name }]));
  return fixture;
}

describe("the check of webhooks", () => {
  it("says what is relaxed for the night, and warns of a product that it does not know", async () => {
    const { check } = await guarded({ isServing: true });
    const lines = told(await check("webhooks"));
    assert.match(lines[0] ?? "", /^warning: .*is of no product that Curfew knows: relaxed for the night/);
    assert.match(lines[1] ?? "", /^ok: ValidatingWebhookConfiguration\/guard#.*given back/);
    assert.equal(lines.length, 2);
  });

  it("warns of one that nobody answers for even now", async () => {
    const { check } = await guarded({ isServing: false });
    assert.ok(
      told(await check("webhooks")).some((line) => /^warning: Nobody answers for .*guard\/guard-svc/.test(line)),
    );
  });

  const leftAlone: readonly [what: string, settings: SettingsInput][] = [
    ["the measure only reports", { measures: { webhooks: "report" } }],
    ["the measure is off", { measures: { webhooks: "off" } }],
    ["unknown products are only reported", { webhooks: { unknown: "report" } }],
  ];
  for (const [what, settings] of leftAlone) {
    it(`blocks the wake when ${what}`, async () => {
      const { check } = await guarded({ isServing: true });
      const { status, findings } = await check("webhooks", settings);
      assert.equal(status, "blocked");
      assert.match(findings[0]?.what ?? "", /would keep the cluster from waking/);
    });
  }

  it("is unknown where Curfew may not look", async () => {
    const { cluster, check } = await guarded({ isServing: true });
    cluster.objects.forbid(VALIDATING_WEBHOOKS, ["list"]);
    const { status, findings } = await check("webhooks");
    assert.equal(status, "unknown");
    assert.match(findings[0]?.remedy ?? "", /full-cycle/);
  });
});

describe("the checks of controllers", () => {
  it("say what would be held still", async () => {
    const { cluster, check } = doctorFixture();
    const spec = { schedule: "*/5 * * * *", suspend: false };
    cluster.objects.put(CRON_JOBS, { metadata: { name: "tick" }, spec });
    assert.match(
      told(await check("cronjobs")).join(),
      /ok: CronJob\/default\/tick#spec\.suspend is changed for the night/,
    );
    assert.match(told(await check("cronjobs", { measures: { cronjobs: "report" } })).join(), /warning: .*left alone/);
    assert.deepEqual(told(await check("cronjobs", { measures: { cronjobs: "off" } })), [
      "ok: Switched off in settings.",
    ]);
  });

  it("are unknown where Curfew may not look, for that measure alone", async () => {
    const { cluster, check } = doctorFixture();
    cluster.objects.forbid(CRON_JOBS, ["list"]);
    assert.deepEqual(told(await check("cronjobs")), ["unknown: Skipped, since Curfew may not list cronjobs."]);
    assert.equal((await check("jobs")).status, "ok");
  });

  it("block where a measure refuses to begin: an autoscaler that runs somewhere else", async () => {
    const { cluster, check } = doctorFixture();
    const spec = { holderIdentity: "elsewhere", leaseDurationSeconds: 15, renewTime: "2026-01-05T12:00:00.000000Z" };
    const metadata = { name: "cluster-autoscaler", namespace: "kube-system" };
    cluster.objects.put(LEASES, { metadata, spec });
    assert.match(told(await check("autoscaler"))[0] ?? "", /^blocked: /);
    assert.deepEqual(told(await check("autoscaler", { measures: { autoscaler: "off" } })), [
      "ok: Switched off in settings.",
    ]);
  });
});

import assert from "node:assert/strict";

import { createMemoryStore } from "../../runtime/adapters/memory/state-store.js";
import { createCampaignHandler } from "../../runtime/lambda/campaign-handler.js";
import { fakeClock } from "../fakes/fake-clock.js";

const PAY = "111111111111/eu-west-1/pay";
const ASLEEP = { dueAt: 0, wanted: "hibernated", transitionAt: null, leadMs: 0, unconvergedSince: null } as const;

async function fixture() {
  const clock = fakeClock();
  const store = createMemoryStore();
  await store.registerCluster({ clusterId: PAY, declaration: "{}", registeredAt: clock.now() });
  const lines: string[] = [];
  const handler = createCampaignHandler(() =>
    Promise.resolve({
      ports: { clock, store, fleet: store },
      log: (level, message) => void lines.push(`${level}: ${message}`),
    }),
  );
  return { clock, store, handler, lines };
}

const ORDER = {
  filter: { regions: ["eu-*"] },
  state: "hibernated",
  until: "2026-01-06T08:00:00+01:00",
  reason: "power cut",
  owner: "ana",
};

describe("the campaign function", () => {
  it("plans a campaign, begins with a cluster of it, and sees it there", async () => {
    const { clock, store, handler } = await fixture();
    const hold = { state: "hibernated", until: Date.parse("2026-01-06T07:00:00Z"), reason: "power cut", owner: "ana" };
    const groups = [{ name: "all", clusters: [PAY] }];
    const rest = { toleratedFailurePercentage: 0, deadlineSeconds: 7200 };
    assert.deepEqual(await handler({ action: "plan", order: ORDER }), { groups, hold, ...rest });

    const target = { clusterId: PAY, hold };
    const begun = await handler({ action: "begin", ...target });
    assert.deepEqual(begun, { begunAt: clock.now() });
    const look = { action: "look", ...target, ...begun, deadlineSeconds: 7200, execution: { Id: "arn", Name: "x" } };
    assert.deepEqual(await handler(look), { isThere: false });
    const { generation = "" } = (await store.readEntry(PAY)) ?? {};
    await store.settle(PAY, generation, { ...ASLEEP, attempts: 0, lastCode: null });
    assert.deepEqual(await handler(look), { isThere: true });
  });

  it("begins anew with what Step Functions redrives", async () => {
    const { clock, store, handler } = await fixture();
    const hold = { state: "hibernated", until: clock.now() + 86_400_000, reason: "power cut", owner: "ana" };
    const begun = await handler({ action: "begin", clusterId: PAY, hold });
    const { generation = "" } = (await store.readEntry(PAY)) ?? {};
    await store.settle(PAY, generation, { ...ASLEEP, unconvergedSince: 1, attempts: 5, lastCode: "throttled" });
    const look = { action: "look", clusterId: PAY, hold, ...begun, deadlineSeconds: 60 };
    await clock.sleep(3_600_000);
    await assert.rejects(handler({ ...look, execution: {} }), { name: "throttled" });
    const RedriveTime = new Date(clock.now()).toISOString();
    assert.deepEqual(await handler({ ...look, execution: { RedriveTime } }), { isThere: false });
    assert.equal((await store.readEntry(PAY))?.attempts, 0);
  });

  it("fails under the name of our own code, which a state machine catches, and says so in its log", async () => {
    const { handler, lines } = await fixture();
    await assert.rejects(handler({ action: "plan", order: {} }), { name: "config-invalid" });
    const hold = { state: "running", until: Number.MAX_SAFE_INTEGER, reason: "r", owner: "o" };
    await assert.rejects(handler({ action: "begin", clusterId: "1/r/gone", hold }), { name: "cluster-unknown" });
    assert.match(lines.join("\n"), /^warn: This is no campaign[^]*warn: 1\/r\/gone/);
  });

  it("takes an event of nobody's for a defect", async () => {
    const { handler } = await fixture();
    await assert.rejects(handler({ action: "dance" }), { name: "internal" });
  });
});

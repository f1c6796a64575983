import assert from "node:assert/strict";

import { isFailure, type CampaignOrder, type Campaigns } from "../../runtime/ports/index.js";

/** An adapter under test, with a machine whose campaigns stand as the test says. */
export interface CampaignsUnderTest {
  readonly campaigns: Campaigns;
  readonly machine: string;
  /** Neither a machine nor a campaign. */
  readonly missing: string;
  readonly succeed: (id: string, at: number) => void;
  readonly fail: (id: string, at: number) => void;
}

const ORDER: CampaignOrder = {
  groups: [{ name: "first", clusters: ["111111111111/eu-west-1/pay"] }],
  state: "hibernated",
  until: "2026-01-06T08:00:00Z",
  reason: "power cut",
  owner: "ana",
  toleratedFailurePercentage: 0,
  deadlineSeconds: 7200,
};
const ENDED_AT = Date.parse("2026-01-05T20:00:00Z");

/** What every adapter of {@link Campaigns} promises. */
export function describeCampaigns(name: string, start: () => CampaignsUnderTest): void {
  describe(`campaigns: ${name}`, () => {
    it("begins one with its order, and says that it runs", async () => {
      const { campaigns, machine } = start();
      const id = await campaigns.start(machine, ORDER);
      assert.deepEqual(await campaigns.read(id), { status: "running", order: ORDER, endedAt: null, cause: null });
    });

    it("begins another when it is asked twice", async () => {
      const { campaigns, machine } = start();
      assert.notEqual(await campaigns.start(machine, ORDER), await campaigns.start(machine, ORDER));
    });

    it("says how one ended and when", async () => {
      const { campaigns, machine, succeed, fail } = start();
      const [good, bad] = [await campaigns.start(machine, ORDER), await campaigns.start(machine, ORDER)];
      succeed(good, ENDED_AT);
      fail(bad, ENDED_AT);
      const end = { order: ORDER, endedAt: ENDED_AT };
      assert.deepEqual(await campaigns.read(good), { ...end, status: "succeeded", cause: null });
      const { status, cause, endedAt } = await campaigns.read(bad);
      assert.deepEqual([status, endedAt], ["failed", ENDED_AT]);
      assert.match(cause ?? "", /timed-out/);
    });

    it("refuses what is not there, and names it", async () => {
      const { campaigns, missing } = start();
      for (const call of [() => campaigns.start(missing, ORDER), () => campaigns.read(missing)]) {
        await assert.rejects(
          call,
          (error) => isFailure(error) && error.code === "config-invalid" && error.message.includes(missing),
        );
      }
    });
  });
}

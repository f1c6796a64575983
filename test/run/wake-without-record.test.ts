import assert from "node:assert/strict";

import { VALIDATING_WEBHOOKS } from "../../runtime/cycle/index.js";
import { configuration, entry } from "../webhooks/builders.js";
import { runFixture } from "./fixture.js";

const FORGOTTEN = { operationId: "op-2", minNodes: 1, forget: true } as const;

describe("a wake to given sizes, without a record", () => {
  it("names a webhook that would refuse the nodes' agents, and leaves it as it is (W4)", async () => {
    const { run, sizes, cluster } = runFixture();
    await run("hibernated");
    cluster.objects.put(VALIDATING_WEBHOOKS, configuration([entry({ name: "new.guard.test" })], { uid: "v-1" }));
    const report = await run("running", FORGOTTEN);
    assert.equal(report.result, "completed", report.summary);
    assert.deepEqual(await sizes(), { "asg/batch": [0, 1, 4], "managed/general": [0, 1, 6] });
    assert.match(report.warnings.join("\n"), /new\.guard\.test may keep nodes from starting: .*left alone/);
    const [webhook] = cluster.objects.all(VALIDATING_WEBHOOKS);
    assert.match(JSON.stringify(webhook), /"failurePolicy":"Fail"/);
  });

  it("names a webhook that the forgotten cycle left relaxed", async () => {
    const { run, cluster } = runFixture();
    cluster.objects.put(VALIDATING_WEBHOOKS, configuration([entry()], { uid: "v-1" }));
    await run("hibernated");
    const report = await run("running", FORGOTTEN);
    assert.equal(report.result, "completed", report.summary);
    assert.match(
      report.warnings.join("\n"),
      /ValidatingWebhookConfiguration \S+ was relaxed in a cycle whose record is gone/,
    );
  });

  it("looks at none where the measure is off", async () => {
    const { run, cluster } = runFixture();
    await run("hibernated");
    cluster.objects.put(VALIDATING_WEBHOOKS, configuration([entry()], { uid: "v-1" }));
    const report = await run("running", { ...FORGOTTEN, settings: { measures: { webhooks: "off" } } });
    assert.doesNotMatch(report.warnings.join("\n"), /may keep nodes/);
  });
});

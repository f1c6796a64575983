import assert from "node:assert/strict";

import { runFixture } from "./fixture.js";

describe("the last thing that a run tells", () => {
  it("is how it ended, towards what, and how long it took", async () => {
    const { run, events } = runFixture();
    const { startedAt, finishedAt } = await run("hibernated");
    const { kind, data } = events.at(-1)!;
    assert.ok(finishedAt > startedAt);
    assert.deepEqual(
      [kind, data],
      ["run-finished", { desired: "hibernated", result: "completed", durationMs: finishedAt - startedAt }],
    );
  });

  it("is the code too when it did not end well", async () => {
    const { run, events, ports } = runFixture();
    const broken = { ...ports.connector, capacity: () => Promise.reject(new Error("no answer")) };
    await run("running", { ports: { connector: broken } });
    assert.deepEqual(events.at(-1)?.data, { desired: "running", result: "failed", durationMs: 0, code: "internal" });
  });
});

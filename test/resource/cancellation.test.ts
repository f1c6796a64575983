import assert from "node:assert/strict";
import { EventEmitter } from "node:events";

import { createCancellation } from "../../runtime/resource/cancellation.js";

describe("cancelling runs by signal", () => {
  it("aborts what is under way, and leaves once all of it has settled", async () => {
    const host = new EventEmitter();
    const left: string[] = [];
    const cancellation = createCancellation(host, (signal) => left.push(signal));
    const ends: (() => void)[] = [];
    const run = () =>
      cancellation.during((signal) => new Promise<boolean>((end) => ends.push(() => end(signal.aborted))));
    const runs = [run(), run()];
    host.emit("SIGINT", "SIGINT");
    ends[0]?.();
    assert.equal(await runs[0], true);
    assert.deepEqual(left, []);
    ends[1]?.();
    await runs[1];
    assert.deepEqual(left, ["SIGINT"]);
  });

  it("does not listen while nothing is under way, so that the process ends as any other", async () => {
    const host = new EventEmitter();
    const cancellation = createCancellation(host, () => assert.fail("no signal was sent"));
    await assert.rejects(cancellation.during(() => Promise.reject(new Error("a failed run"))));
    assert.deepEqual([host.listenerCount("SIGINT"), host.listenerCount("SIGTERM")], [0, 0]);
  });
});

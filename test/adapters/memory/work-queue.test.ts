import assert from "node:assert/strict";

import { createMemoryWorkQueue } from "../../../runtime/adapters/memory/work-queue.js";
import { fakeClock } from "../../fakes/fake-clock.js";

const item = (name: string) => ({
  clusterId: `111111111111/eu-west-1/${name}`,
  operationId: name,
  claimedAt: 0,
  hop: 0,
  traceparent: null,
});

describe("the queue in memory", () => {
  const minutes = (count: number) => count * 60_000;

  it("hands out again what was not removed in time", async () => {
    const clock = fakeClock();
    const queue = createMemoryWorkQueue({ clock, visibilityMs: minutes(2) });
    await queue.send([{ item: item("a"), delaySeconds: 0 }]);
    assert.equal(queue.receive(10).length, 1);
    assert.equal(queue.receive(10).length, 0);
    await clock.sleep(minutes(2));
    const [again] = queue.receive(10);
    assert.deepEqual([again?.item, again?.receives], [item("a"), 2]);
  });

  it("does not let a slow worker remove what another one has in hand", async () => {
    const clock = fakeClock();
    const queue = createMemoryWorkQueue({ clock, visibilityMs: minutes(2) });
    await queue.send([{ item: item("a"), delaySeconds: 0 }]);
    const [slow] = queue.receive(1);
    await clock.sleep(minutes(2));
    queue.receive(1);
    slow?.remove();
    assert.notEqual(queue.nextVisibleAt(), undefined);
  });

  it("puts aside what nobody can finish", async () => {
    const clock = fakeClock();
    const queue = createMemoryWorkQueue({ clock, visibilityMs: minutes(1), maxReceives: 3 });
    await queue.send([{ item: item("a"), delaySeconds: 0 }]);
    for (let round = 0; round < 3; round++) {
      assert.equal(queue.receive(1).length, 1);
      await clock.sleep(minutes(1));
    }
    assert.equal(queue.receive(1).length, 0);
    assert.deepEqual(queue.deadLetters(), [item("a")]);
    assert.equal(queue.nextVisibleAt(), undefined);
  });

  it("says when there will be something to receive", async () => {
    const clock = fakeClock();
    const queue = createMemoryWorkQueue({ clock });
    const startedAt = clock.now();
    await queue.send([
      { item: item("b"), delaySeconds: 40 },
      { item: item("a"), delaySeconds: 20 },
    ]);
    assert.equal(queue.nextVisibleAt(), startedAt + 20_000);
  });

  it("does not take a delay that SQS would not take", async () => {
    const queue = createMemoryWorkQueue({ clock: fakeClock() });
    const parcel = { item: item("a"), delaySeconds: 901 };
    assert.deepEqual(await queue.send([parcel]), [parcel]);
  });
});

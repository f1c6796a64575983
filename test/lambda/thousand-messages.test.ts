import assert from "node:assert/strict";

import { createMemoryWorkQueue, type ReceivedWork } from "../../runtime/adapters/memory/work-queue.js";
import { fakeClock } from "../fakes/fake-clock.js";
import { eventOf, recordOf } from "./hub-events.js";
import { mortalWorker } from "./mortal-worker.js";
import { thousandClusters } from "./thousand-clusters.js";

const POLLERS = 25;
const BATCH = 5;
const REMAINING_MS = 120_000;
const TICK_MS = 60_000;
/** One worker in five dies, at one of its first effects. */
const DEATHS = { share: 0.2, effects: 120 };
const HOURS_MS = 3_600_000;

describe("a thousand messages", function () {
  this.timeout(180_000);

  it("put a thousand clusters to sleep once each, while one worker in five dies", async () => {
    const clock = fakeClock();
    const queue = createMemoryWorkQueue({ clock, visibilityMs: 6 * REMAINING_MS });
    const hub = thousandClusters(clock, queue, 1);
    await hub.register();
    let isOver = false;
    let deaths = 0;

    async function invoke(received: readonly ReceivedWork[]): Promise<void> {
      const dies = hub.random.next() < DEATHS.share;
      const worker = mortalWorker(hub.ports, dies ? 1 + Math.floor(hub.random.next() * DEATHS.effects) : 0);
      const records = received.map(({ item }, index) => recordOf(String(index), item));
      const answer = await worker.handle(eventOf(records), { getRemainingTimeInMillis: () => REMAINING_MS });
      if (worker.isDead()) {
        deaths += 1;
        return;
      }
      const failed = new Set(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      received.filter((_, index) => !failed.has(String(index))).forEach(({ remove }) => remove());
    }

    async function poll(): Promise<void> {
      while (!isOver) {
        const received = queue.receive(BATCH);
        if (received.length > 0) await invoke(received);
        else await clock.sleep(1_000);
      }
    }

    const pollers = Array.from({ length: POLLERS }, poll);
    const endsAt = clock.now() + 6 * HOURS_MS;
    const minute = async (): Promise<void> => {
      assert.ok(clock.now() < endsAt, "it never ended");
      await clock.sleep(TICK_MS);
    };
    try {
      while (!(await hub.isConverged())) {
        await hub.tick();
        await minute();
      }
      // What dead workers had in hand comes back and finds the work done.
      while (queue.nextVisibleAt() !== undefined) await minute();
    } finally {
      isOver = true;
      await Promise.all(pollers);
    }
    assert.ok(await hub.isConverged());
    assert.ok(deaths > 20, `only ${deaths} workers died`);
    await hub.assertAsleepOnce();
  });
});

import assert from "node:assert/strict";

import { createMemoryWorkQueue } from "../../runtime/adapters/memory/work-queue.js";
import { parseWorkItem } from "../../runtime/adapters/sqs/message.js";
import type { WorkerPorts } from "../../runtime/fleet/worker/index.js";
import { createWorkerHandler } from "../../runtime/lambda/worker-handler.js";
import type { WorkItem } from "../../runtime/ports/index.js";
import { fakeClock } from "../fakes/fake-clock.js";
import { eventOf, rawRecord, recordOf } from "./hub-events.js";
import { thousandClusters } from "./thousand-clusters.js";

const CONTEXT = { getRemainingTimeInMillis: () => 120_000 };
const item = (clusterId: string): WorkItem => ({
  clusterId,
  operationId: "op-1",
  claimedAt: 0,
  hop: 0,
  traceparent: null,
});

function worker(changes: (ports: WorkerPorts) => Partial<WorkerPorts> = () => ({})) {
  const clock = fakeClock();
  const { ports } = thousandClusters(clock, createMemoryWorkQueue({ clock }), 1);
  const lines: string[] = [];
  let flushes = 0;
  const handle = createWorkerHandler(() =>
    Promise.resolve({
      portsFor: () => ({ ...ports, ...changes(ports) }),
      options: {},
      telemetry: {
        flush: () => {
          flushes += 1;
          return Promise.resolve();
        },
      },
      parseItem: parseWorkItem,
      log: (level, message) => void lines.push(`${level}: ${message}`),
    }),
  );
  return { handle, ports, lines, flushes: () => flushes };
}

describe("the worker function", () => {
  it("is done with a message whose cluster nobody knows any more", async () => {
    const { handle, flushes } = worker();
    const answer = await handle(eventOf([recordOf("m1", item("111111111111/eu-west-1/gone"))]), CONTEXT);
    assert.deepEqual(answer, { batchItemFailures: [] });
    assert.equal(flushes(), 1);
  });

  it("gives poison back to the queue, which puts it aside, and goes on with the others", async () => {
    const { handle, lines } = worker();
    const answer = await handle(
      eventOf([rawRecord("m1", "not a work item"), recordOf("m2", item("111111111111/eu-west-1/gone"))]),
      CONTEXT,
    );
    assert.deepEqual(answer, { batchItemFailures: [{ itemIdentifier: "m1" }] });
    assert.match(lines.join(), /^error: A message is no work item/);
  });

  it("gives back what the store could not be asked about, alone", async () => {
    const { handle, lines } = worker(({ fleet }) => ({
      fleet: {
        ...fleet,
        readEntry: (clusterId) =>
          clusterId.endsWith("/broken") ? Promise.reject(new Error("no answer")) : fleet.readEntry(clusterId),
      },
    }));
    const records = ["gone", "broken"].map((name) => recordOf(name, item(`111111111111/eu-west-1/${name}`)));
    assert.deepEqual(await handle(eventOf(records), CONTEXT), { batchItemFailures: [{ itemIdentifier: "broken" }] });
    assert.deepEqual(lines, ["error: no answer"]);
  });

  it("says which cluster it leaves alone, and is done with it", async () => {
    const { handle, ports, lines } = worker();
    const clusterId = "111111111111/eu-west-1/damaged";
    await ports.store.registerCluster({ clusterId, declaration: "{}", registeredAt: 0 });
    assert.deepEqual(await handle(eventOf([recordOf("m1", item(clusterId))]), CONTEXT), { batchItemFailures: [] });
    assert.match(lines.join(), /^warn: Left alone: /);
  });
});

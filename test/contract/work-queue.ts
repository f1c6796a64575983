import assert from "node:assert/strict";

import { isFailure, type WorkItem, type WorkQueue } from "../../runtime/ports/index.js";

/** One empty queue and how a test looks into it. */
export interface WorkQueueSubject {
  readonly queue: WorkQueue;
  /** Receives and removes whatever can be had now. */
  receive(): Promise<readonly WorkItem[]>;
  /** Lets time pass. */
  pass(ms: number): Promise<void>;
  /** Items of this account are not accepted. */
  readonly refusedAccount: string;
  dispose(): Promise<void>;
}

const TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const ACCOUNT = "111111111111";

const item = (name: string, changes: Partial<WorkItem> = {}): WorkItem => ({
  clusterId: `${ACCOUNT}/eu-west-1/${name}`,
  operationId: `op-${name}`,
  claimedAt: 1_700_000_000_000,
  hop: 0,
  traceparent: null,
  ...changes,
});

/** Every promise of the port `WorkQueue`, for any implementation of it. */
export function describeWorkQueue(name: string, create: () => Promise<WorkQueueSubject>): void {
  describe(`work queue: ${name}`, function () {
    this.timeout(60_000);
    let subject: WorkQueueSubject;

    beforeEach(async () => void (subject = await create()));
    afterEach(() => subject.dispose());

    const receiveAll = async (count: number): Promise<readonly WorkItem[]> => {
      const received: WorkItem[] = [];
      for (let round = 0; round < 100 && received.length < count; round++) {
        received.push(...(await subject.receive()));
        if (received.length < count) await subject.pass(200);
      }
      return received;
    };

    it("hands an item over whole", async () => {
      const sent = item("payments", { hop: 3, traceparent: TRACEPARENT });
      assert.deepEqual(await subject.queue.send([{ item: sent, delaySeconds: 0 }]), []);
      assert.deepEqual(await receiveAll(1), [sent]);
    });

    it("hands an item without a trace over whole", async () => {
      await subject.queue.send([{ item: item("payments"), delaySeconds: 0 }]);
      assert.deepEqual(await receiveAll(1), [item("payments")]);
    });

    it("takes many at once", async () => {
      const names = Array.from({ length: 37 }, (_, index) => `c${String(index).padStart(2, "0")}`);
      const parcels = names.map((each) => ({ item: item(each), delaySeconds: 0 }));
      assert.deepEqual(await subject.queue.send(parcels), []);
      const received = await receiveAll(names.length);
      assert.deepEqual(
        received.map(({ operationId }) => operationId).sort(),
        names.map((each) => `op-${each}`),
      );
    });

    it("takes nothing at all", async () => {
      assert.deepEqual(await subject.queue.send([]), []);
      assert.deepEqual(await subject.receive(), []);
    });

    it("holds back what is delayed", async () => {
      await subject.queue.send([
        { item: item("later"), delaySeconds: 30 },
        { item: item("now"), delaySeconds: 0 },
      ]);
      assert.deepEqual(
        (await receiveAll(1)).map(({ operationId }) => operationId),
        ["op-now"],
      );
      assert.deepEqual(await subject.receive(), []);
    });

    it("lets go of what was delayed when its time has come", async () => {
      await subject.queue.send([{ item: item("later"), delaySeconds: 1 }]);
      assert.deepEqual(await receiveAll(1), [item("later")]);
    });

    it("answers what was not accepted, and takes the rest", async () => {
      const refused = { item: item("x", { clusterId: `${subject.refusedAccount}/eu-west-1/x` }), delaySeconds: 0 };
      assert.deepEqual(await subject.queue.send([refused, { item: item("payments"), delaySeconds: 0 }]), [refused]);
      assert.deepEqual(await receiveAll(1), [item("payments")]);
    });
  });
}

/** For adapters over a network: what happens when nothing at all can be sent. */
export async function assertUnavailable(queue: WorkQueue): Promise<void> {
  await assert.rejects(
    queue.send([{ item: item("payments"), delaySeconds: 0 }]),
    (error) => isFailure(error) && error.code === "unavailable",
  );
}

import assert from "node:assert/strict";

import type { Lease } from "../../../runtime/ports/state-store.js";
import { CLUSTER, CYCLE, take, ZEROS, type StoredData } from "./stored-data.js";

/** The open cycle and its snapshot. */
export function describeCycles(data: StoredData): void {
  describe("cycle", () => {
    let lease: Lease;
    beforeEach(async () => {
      lease = await take(data.store, "op-a");
    });

    it("is absent at first", async () => {
      assert.equal(await data.store.readCycle(CLUSTER), undefined);
    });

    it("opens with its snapshot, readable by every handle and after a reopening", async () => {
      assert.deepEqual(await data.store.openCycle(lease, CYCLE), { kind: "opened", cycle: CYCLE });
      assert.deepEqual(await data.open().readCycle(CLUSTER), CYCLE);
      await data.reopen();
      assert.deepEqual(await data.store.readCycle(CLUSTER), CYCLE);
    });

    it("keeps the first snapshot when a sleeping cluster is hibernated again (S27, H4)", async () => {
      await data.store.openCycle(lease, CYCLE);
      assert.deepEqual(await data.store.openCycle(lease, ZEROS), { kind: "exists", cycle: CYCLE });
      assert.deepEqual(await data.store.readCycle(CLUSTER), CYCLE);
    });

    it("keeps the first snapshot under the same cycle id, and the progress made since", async () => {
      await data.store.openCycle(lease, CYCLE);
      await data.store.saveProgress(lease, "cycle-1", '{"done":["cordon"]}');
      const answer = await data.store.openCycle(lease, { ...CYCLE, snapshot: "{}" });
      assert.deepEqual(answer, { kind: "exists", cycle: { ...CYCLE, progress: '{"done":["cordon"]}' } });
    });

    it("keeps the snapshot for the next holder of the lease", async () => {
      await data.store.openCycle(lease, CYCLE);
      const successor = await take(data.store, "op-b", 60_000);
      assert.deepEqual(await data.store.openCycle(successor, ZEROS), { kind: "exists", cycle: CYCLE });
    });

    it("replaces the progress and nothing else", async () => {
      await data.store.openCycle(lease, CYCLE);
      assert.equal(await data.store.saveProgress(lease, "cycle-1", "first"), "saved");
      assert.equal(await data.store.saveProgress(lease, "cycle-1", "second"), "saved");
      assert.deepEqual(await data.store.readCycle(CLUSTER), { ...CYCLE, progress: "second" });
    });

    it("does not change with the object that was handed in", async () => {
      const mine = { ...CYCLE };
      await data.store.openCycle(lease, mine);
      mine.snapshot = "{}";
      assert.deepEqual(await data.store.readCycle(CLUSTER), CYCLE);
    });

    it("refuses progress for a cycle that is not the open one", async () => {
      assert.equal(await data.store.saveProgress(lease, "cycle-1", "x"), "fenced");
      await data.store.openCycle(lease, CYCLE);
      assert.equal(await data.store.saveProgress(lease, "cycle-0", "x"), "fenced");
      assert.deepEqual(await data.store.readCycle(CLUSTER), CYCLE);
    });

    it("keeps text to the letter, large and in any script", async () => {
      const snapshot = JSON.stringify({ note: "späť 寝る 🛌 \u0000 '\"", filler: "x".repeat(300_000) });
      await data.store.openCycle(lease, { ...CYCLE, snapshot });
      assert.equal((await data.store.readCycle(CLUSTER))?.snapshot, snapshot);
    });

    it("opens once for two processes of one operation that race", async () => {
      const second = data.open();
      const answers = await Promise.all([data.store.openCycle(lease, CYCLE), second.openCycle(lease, ZEROS)]);
      assert.deepEqual(answers.map(({ kind }) => kind).sort(), ["exists", "opened"]);
      const opened = answers.find(({ kind }) => kind === "opened");
      assert.deepEqual(opened, { kind: "opened", cycle: await data.store.readCycle(CLUSTER) });
      assert.deepEqual(
        answers.find(({ kind }) => kind === "exists"),
        { kind: "exists", cycle: await data.store.readCycle(CLUSTER) },
      );
    });
  });
}

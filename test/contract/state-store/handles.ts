import assert from "node:assert/strict";

import { CLUSTER, type StoredData } from "./stored-data.js";

/** Handles on the stored data. */
export function describeHandles(data: StoredData): void {
  describe("handle", () => {
    it("may be closed twice, and leaves others open", async () => {
      const other = data.open();
      await data.store.close();
      await data.store.close();
      assert.equal(await other.readCluster(CLUSTER), undefined);
    });

    it("refuses calls once closed", async () => {
      await data.store.close();
      await assert.rejects(data.store.putHold(CLUSTER, "too late"));
      assert.equal(await data.open().readCluster(CLUSTER), undefined);
    });
  });
}

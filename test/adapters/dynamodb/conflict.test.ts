import assert from "node:assert/strict";

import { TransactionCanceledException, TransactionConflictException } from "@aws-sdk/client-dynamodb";

import { afterConflicts } from "../../../runtime/adapters/dynamodb/conflict.js";

const cancelled = (...codes: readonly string[]): Error =>
  new TransactionCanceledException({
    $metadata: {},
    message: "cancelled",
    CancellationReasons: codes.map((Code) => ({ Code })),
  });
const conflict = (): Error => new TransactionConflictException({ $metadata: {}, message: "conflict" });

/** Fails with each of `errors` in turn, then answers how often it was asked. */
function sending(...errors: readonly Error[]): () => Promise<number> {
  let calls = 0;
  return () => {
    const error = errors[calls];
    calls += 1;
    return error === undefined ? Promise.resolve(calls) : Promise.reject(error);
  };
}

/** Pauses that are over at once, and how long they were. */
function countedPauses(): { readonly pause: (ms: number) => Promise<void>; readonly pauses: readonly number[] } {
  const pauses: number[] = [];
  return {
    pauses,
    pause: (ms) => {
      pauses.push(ms);
      return Promise.resolve();
    },
  };
}

describe("a write that meets another one", () => {
  it("is sent again until it is alone", async () => {
    assert.equal(await afterConflicts(sending(conflict(), cancelled("None", "TransactionConflict"))), 3);
  });

  it("is not sent again when its condition failed as well", async () => {
    const refused = cancelled("ConditionalCheckFailed", "TransactionConflict");
    await assert.rejects(afterConflicts(sending(refused)), (error) => error === refused);
  });

  it("is given up at last, and any other fault at once", async () => {
    const { pause, pauses } = countedPauses();
    await assert.rejects(
      afterConflicts(sending(...Array.from({ length: 20 }, conflict)), pause),
      TransactionConflictException,
    );
    assert.deepEqual(pauses, [40, 80, 160, 320, 400, 400, 400]);
    const fault = new Error("gone");
    await assert.rejects(afterConflicts(sending(fault)), (error) => error === fault);
  });
});

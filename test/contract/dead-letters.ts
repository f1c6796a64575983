import assert from "node:assert/strict";

import { isFailure, type DeadLetters } from "../../runtime/ports/index.js";

/** An adapter under test, with one queue in which three messages lie and one that is empty. */
export interface DeadLettersUnderTest {
  readonly deadLetters: DeadLetters;
  readonly full: string;
  readonly empty: string;
  /** A queue that does not exist. */
  readonly missing: string;
  /** Lets the move that was begun come to its end. */
  readonly finishMove: () => void;
}

/** What every adapter of {@link DeadLetters} promises. */
export function describeDeadLetters(name: string, start: () => DeadLettersUnderTest): void {
  describe(`dead letters: ${name}`, () => {
    it("counts what lies there", async () => {
      const { deadLetters, full, empty } = start();
      assert.deepEqual([await deadLetters.count(full), await deadLetters.count(empty)], [3, 0]);
    });

    it("begins a move once, however often it is asked", async () => {
      const { deadLetters, full } = start();
      assert.equal(await deadLetters.redrive(full), "started");
      assert.equal(await deadLetters.redrive(full), "under-way");
    });

    it("begins another when the first is over", async () => {
      const { deadLetters, full, finishMove } = start();
      await deadLetters.redrive(full);
      finishMove();
      assert.equal(await deadLetters.count(full), 0);
      assert.equal(await deadLetters.redrive(full), "started");
    });

    it("refuses a queue that is not there, and names it", async () => {
      const { deadLetters, missing } = start();
      for (const call of [() => deadLetters.count(missing), () => deadLetters.redrive(missing)]) {
        await assert.rejects(
          call,
          (error) => isFailure(error) && error.code === "config-invalid" && error.message.includes(missing),
        );
      }
    });
  });
}

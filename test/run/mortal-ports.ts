import type { MutationListener } from "../../runtime/adapters/memory/journal.js";
import type { StateStore } from "../../runtime/ports/index.js";

/** A process that dies at one of its effects: from then on nothing it does has any effect. */
export interface Mortal {
  readonly store: StateStore;
  readonly listener: MutationListener;
  /** Effects so far: store writes and changing calls, each counted before and after it took place. */
  readonly effects: () => number;
}

const WRITES = [
  "acquireLease",
  "renewLease",
  "releaseLease",
  "openCycle",
  "saveProgress",
  "retireCycle",
  "saveReached",
  "addReport",
] as const;

/** Wraps a store so that the process dies at effect number `dieAt` (0: never). */
export function mortal(store: StateStore, dieAt: number): Mortal {
  let count = 0;
  let isDead = false;
  const touch = () => {
    count += 1;
    if (count === dieAt) isDead = true;
    if (isDead) throw new Error("the process is dead");
  };
  const wrapped: StateStore = { ...store };
  for (const name of WRITES) {
    const write = store[name].bind(store) as (...args: unknown[]) => Promise<unknown>;
    Object.assign(wrapped, {
      [name]: async (...args: unknown[]) => {
        touch();
        const answer = await write(...args);
        touch();
        return answer;
      },
    });
  }
  return { store: wrapped, listener: touch, effects: () => count };
}

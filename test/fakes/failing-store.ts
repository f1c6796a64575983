import { Failure } from "../../runtime/ports/failure.js";
import type { StateStore } from "../../runtime/ports/state-store.js";

/** A call of the port that can be made to fail. */
export type StoreCall = Exclude<keyof StateStore, "close">;

/** One fault. */
export interface StoreFault {
  /** Only calls of this name count; absent: all calls do. */
  readonly call?: StoreCall;
  /** The first call that fails, counted from 1. */
  readonly nth: number;
  /** `before`: the store never hears of the call; `after`: it takes effect and only the answer is lost. */
  readonly when: "before" | "after";
  /** `once`: later calls work again. `for-good`: every later call of any name fails untouched, as after a crash. */
  readonly lasts: "once" | "for-good";
  /** Thrown instead of a `Failure` store-unavailable. */
  readonly error?: Error;
}

/** The wrapped store, and what was asked of it. */
export interface FaultyStore {
  readonly store: StateStore;
  /** Names of all calls so far, failed ones included: run once without faults to learn how many there are. */
  readonly calls: readonly StoreCall[];
}

/** Wraps `store` so that the planned calls fail. Closing always works: a test has to be able to clean up. */
export function withFaults(store: StateStore, plan: readonly StoreFault[] = []): FaultyStore {
  const calls: StoreCall[] = [];
  let crash: Error | undefined;

  const perform = async (call: StoreCall, invoke: () => unknown): Promise<unknown> => {
    calls.push(call);
    if (crash) throw crash;
    const fault = plan.find((each) => isDue(each, calls));
    if (!fault) return invoke();
    const error = fault.error ?? unavailable(call);
    if (fault.lasts === "for-good") crash = error;
    if (fault.when === "after") await invoke();
    throw error;
  };

  const faulty = new Proxy(store, {
    get: (target, name: keyof StateStore) => {
      if (name === "close") return () => target.close();
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== "function") return method;
      return (...args: readonly unknown[]) => perform(name, () => Reflect.apply(method, target, args));
    },
  });
  return { store: faulty, calls };
}

/** Whether the newest of `calls` is the one that `fault` waits for. */
function isDue({ call, nth }: StoreFault, calls: readonly StoreCall[]): boolean {
  if (call === undefined) return calls.length === nth;
  return calls.at(-1) === call && calls.filter((name) => name === call).length === nth;
}

function unavailable(call: StoreCall): Failure {
  return new Failure({
    code: "store-unavailable",
    message: `The state store failed in ${call}, as this test planned.`,
    remedy: "Run again.",
  });
}

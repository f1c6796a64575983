import type { Clock } from "../../ports/index.js";
import type { CallName, Faults } from "./faults.js";
import { standingFailure } from "./faults.js";
import type { Journal, MutatingCall, Mutation } from "./journal.js";

/** The wire to one cluster: latency, faults and the journal stand between a port's call and its effect. */
export interface Calls {
  /** Performs a read. Throws the fault that stands or was set up. */
  read<T>(call: CallName, effect: () => T): Promise<T>;
  /** Performs a change and journals it under the kind that `outcomeOf` gives its result. */
  mutate<T>(change: Change<T>, effect: () => T, outcomeOf: (result: T) => string): Promise<T>;
}

/** What the journal keeps of a changing call. */
interface Change<T> extends Pick<Mutation, "target" | "detail"> {
  readonly call: MutatingCall;
  /** The answer when nothing needs to be sent; then nothing is journalled. */
  readonly unsent?: () => T | undefined;
}

/** What the wire needs to know of its cluster. */
export interface Line {
  readonly clock: Clock;
  readonly clusterId: string;
  readonly faults: Faults;
  readonly journal: Journal;
  /** Performs `effect` on a cluster that has caught up with the clock, and lets its controllers react. */
  change<T>(effect: () => T): T;
}

/** The wire over `line`. */
export function createCalls(line: Line): Calls {
  const { clock, faults, journal, clusterId } = line;

  async function arrive(call: CallName): Promise<void> {
    const latencyMs = faults.latencyMs();
    if (latencyMs > 0) await clock.sleep(latencyMs);
    const fault = faults.standing(call);
    if (fault !== undefined) throw standingFailure(fault);
    faults.strike(call, "before");
  }

  return {
    async read(call, effect) {
      await arrive(call);
      const result = line.change(effect);
      faults.strike(call, "after");
      return result;
    },
    async mutate({ call, target, detail, unsent }, effect, outcomeOf) {
      await arrive(call);
      const answer = line.change(() => unsent?.());
      if (answer !== undefined) return answer;
      const mutation = { at: clock.now(), clusterId, call, target, detail };
      const result = journal.record(mutation, () => line.change(effect), outcomeOf);
      faults.strike(call, "after");
      return result;
    },
  };
}

/** The calls of the two ports that change something. */
export type MutatingCall =
  | "resize"
  | "patchNode"
  | "evict"
  | "deletePod"
  | "scaleOwner"
  | "patchObject"
  | "removeObject"
  | "setScalingProcesses"
  | "switchBuiltInPools";

/** One changing call as it reached the twin. Dry runs and patches that would change nothing are not sent and not here. */
export interface Mutation {
  /** Counts all changing calls of the world, from 1. */
  readonly sequence: number;
  readonly at: number;
  readonly clusterId: string;
  readonly call: MutatingCall;
  /** Node, `namespace/pod`, `Kind/namespace/name` or group id. */
  readonly target: string;
  readonly detail: Readonly<Record<string, unknown>>;
  /** The kind of the answer; null until there is one, and for ever when the call crashed before its effect. */
  readonly outcome: string | null;
}

/** Called around the effect of every changing call; what it throws reaches the caller like a crash at that line. */
export type MutationListener = (mutation: Mutation, moment: "before" | "after") => void;

/** The order of events over all clusters of a world. */
export interface Journal {
  entries(): readonly Mutation[];
  /** Adds a listener; the result takes it away again. */
  listen(listener: MutationListener): () => void;
  /** Writes the call down, performs it between the listeners, and notes what came of it. */
  record<T>(mutation: Omit<Mutation, "sequence" | "outcome">, effect: () => T, outcomeOf: (result: T) => string): T;
}

/** An empty journal. */
export function createJournal(): Journal {
  const entries: Mutation[] = [];
  const listeners = new Set<MutationListener>();

  function announce(mutation: Mutation, moment: "before" | "after"): void {
    for (const listener of listeners) listener(mutation, moment);
  }

  return {
    entries: () => [...entries],
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    record(mutation, effect, outcomeOf) {
      const index = entries.length;
      const sent: Mutation = { ...mutation, sequence: index + 1, outcome: null };
      entries.push(sent);
      announce(sent, "before");
      const result = effect();
      const done: Mutation = { ...sent, outcome: outcomeOf(result) };
      entries[index] = done;
      announce(done, "after");
      return result;
    },
  };
}

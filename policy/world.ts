import type { PreviousState } from "./previous-state.js";
import type { StackReading } from "./stack-config.js";

/** What rules learn from outside of the resources. */
export interface World {
  /** What the stack's own config says of rules; read once, when the first rule asks. */
  readonly stackConfig: () => StackReading;
  /** What the stack held before this run; asked for once, when the pack loads. */
  readonly previousState: () => Promise<PreviousState>;
  /** Epoch milliseconds. */
  readonly nowMs: () => number;
}

/** `make`, called when it is first needed and never again. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

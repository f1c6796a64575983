/** Time for the rooms that may not read it themselves (design §3.9). */
export interface Clock {
  /** Now, in epoch milliseconds. */
  now(): number;
  /**
   * Resolves after `ms` milliseconds, or at once when `signal` aborts; never rejects.
   * Callers look at the signal themselves: a cancelled sleep is not an error (safe-cycle 59).
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Randomness for ids and jitter. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** A new unique id of URL-safe characters, sortable by creation within one process. */
  id(): string;
}

/** How often the hub looks at a cluster, and when it does so again. The planner and the workers must be given the same one. */
export interface Rhythm {
  /** From one tick of a planner to the next. */
  readonly tickSeconds: number;
  /** Every cluster is looked at so often at least: the sweep for drift. */
  readonly recheckSeconds: number;
  /** The longest that a message of which no worker shows a sign is waited for. */
  readonly retryAfterSeconds: number;
  /** How long before a wake the planner weighs the wave that it belongs to. */
  readonly horizonSeconds: number;
  /** How long a cluster may be in another state than the one wanted before people are told. */
  readonly missedAfterSeconds: number;
}

/** The rhythm of a hub for which nothing was said. */
export const DEFAULT_RHYTHM: Rhythm = Object.freeze({
  tickSeconds: 60,
  recheckSeconds: 3600,
  retryAfterSeconds: 900,
  horizonSeconds: 1800,
  missedAfterSeconds: 1800,
});

import type { HubSettings } from "../../runtime/config/index.js";

/** AWS asks for six times the function's own time-out, so that a throttled batch is not shown twice (aws.md §4). */
const VISIBILITY_FACTOR = 6;
/** Deliveries before a message counts as poison. Below five, a throttled poller alone uses them up (aws.md §4). */
export const MAX_RECEIVES = 5;
/** Two at once suffice for a tick that overlaps the next; reserved, so that workers never take the planner's turn. */
export const PLANNER_CONCURRENCY = 2;

/** A tick that comes later than the next one is of no use. */
export const TICK_AGE_SECONDS = 60;

/** How long a message stays unseen while a worker has it. */
export const visibilitySeconds = ({ timeoutSeconds }: HubSettings["workers"]): number =>
  VISIBILITY_FACTOR * timeoutSeconds;

/**
 * Reserved concurrency of a worker: above what its event source may ask for, because the poller does not know of the
 * reservation, and what it fetches and cannot run goes to the dead letters without ever having run (aws.md §4).
 */
export function workerConcurrency({ maximumConcurrency }: HubSettings["workers"]): number {
  return maximumConcurrency + Math.max(2, Math.ceil(maximumConcurrency / 10));
}

/** A queue deeper than this holds four rounds of what its workers take at once. */
export const deepQueue = ({ maximumConcurrency, batchSize }: HubSettings["workers"]): number =>
  4 * maximumConcurrency * batchSize;

/**
 * 10,000 clusters are looked at every 30 s: 333 short calls a second, of which this many at once are enough. What is turned
 * away comes again.
 */
export const CAMPAIGN_SIZES = { memoryMb: 512, timeoutSeconds: 30, concurrency: 40 } as const;

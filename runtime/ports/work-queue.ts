/**
 * One thing to do: bring a cluster to where it should be. It carries no verb: whoever works on it reads what is wanted at
 * that moment, so that a late, doubled or reordered item does no harm (design §2).
 */
export interface WorkItem {
  readonly clusterId: string;
  /** The operation that goes on over hops: owner of the lease, name of the role session. */
  readonly operationId: string;
  /** When the planner took the cluster; epoch milliseconds. */
  readonly claimedAt: number;
  /** Which hop of the operation this is: 0, then one more for each time it was sent again. */
  readonly hop: number;
  /** W3C trace context of the span that sent it; null without one. */
  readonly traceparent: string | null;
}

/** Work on its way to whoever is free. At least once, in any order. */
export interface WorkQueue {
  /**
   * Sends many at once. Answers those that were not accepted, which the caller leaves to the next tick; throws
   * `Failure` unavailable only when nothing could be sent at all.
   */
  send(parcels: readonly WorkParcel[]): Promise<readonly WorkParcel[]>;
}

export interface WorkParcel {
  readonly item: WorkItem;
  /** Not to be seen before so many seconds, 0 to 900 (SQS's own limit). */
  readonly delaySeconds: number;
}

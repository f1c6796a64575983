/**
 * The AWS of this benchmark, from aws.md §2, §4, §5 and §12. EKS and Auto Scaling publish no rates: theirs are that page's
 * assumptions, with bursts of two seconds. Curfew's pacer does not read this file.
 */
export const AWS = {
  calls: {
    "eks/read": { perSecond: 10, burst: 20 },
    "eks/write": { perSecond: 5, burst: 10 },
    autoscaling: { perSecond: 10, burst: 20 },
    ec2: { perSecond: 20, burst: 100 },
    sts: { perSecond: 600, burst: 600 },
  },
  /** What Auto Scaling's own calls draw on; it waits for tokens by itself. */
  run: { requests: { perSecond: 2, burst: 5 }, instances: { perSecond: 2, burst: 1000 } },
  terminate: { requests: { perSecond: 5, burst: 100 }, instances: { perSecond: 20, burst: 1000 } },
  /** The event source of one queue: from 5 concurrent invocations, 300 more a minute. */
  eventSource: { first: 5, perSecond: 5 },
  concurrency: 1000,
  latencyMs: 100,
} as const;

/** How the hub is set up here. */
export const HUB = {
  queues: 8,
  partitions: 4,
  batchSize: 10,
  invocationSeconds: 300,
  memoryGb: 0.5,
} as const;

/** Each cluster of the fleet; the twins have all of it. */
export const CLUSTER = { groups: 4, nodesPerGroup: 5, pods: 1 } as const;

/** How long things take that no code can hurry; declared to the twins, and part of the floor. */
export const DECLARED = {
  graceMs: 5_000,
  updateMs: 5_000,
  terminateMs: 40_000,
  bootMs: 90_000,
  readyMs: 10_000,
  /** How long nodes must stay Ready before they count: the contract's own default (safe-cycle W9). */
  stableMs: 30_000,
} as const;

import { AWS, CLUSTER, DECLARED, HUB } from "./quotas.js";

/** What no code can beat, stage by stage, in milliseconds (aws.md §12); `floorMs` is the slowest stage and what was declared. */
export interface Floor {
  readonly stsMs: number;
  readonly lambdaMs: number;
  readonly eksWritesMs: number;
  readonly eksReadsMs: number;
  readonly instancesMs: number;
  readonly requestsMs: number;
  readonly declaredMs: number;
  readonly floorMs: number;
}

/** API work per cluster by the formula's own assumption. */
const WORK_SECONDS = 15;

/** The formulas for N clusters, K of them in each account and Region. */
export function floorOf(wave: "sleep" | "wake", N: number, K: number): Floor {
  const { groups: G, nodesPerGroup } = CLUSTER;
  const scaling = wave === "sleep" ? AWS.terminate : AWS.run;
  const stages = {
    stsMs: 1000 * (N / AWS.calls.sts.perSecond),
    lambdaMs: 1000 * eventSourceSeconds(N),
    eksWritesMs: 1000 * ((K * G) / AWS.calls["eks/write"].perSecond),
    eksReadsMs: 1000 * (((1 + G) * K) / AWS.calls["eks/read"].perSecond),
    instancesMs: 1000 * beyond(K * G * nodesPerGroup, scaling.instances),
    requestsMs: 1000 * beyond(K * G, scaling.requests),
  };
  const { graceMs, updateMs, terminateMs, bootMs, readyMs, stableMs } = DECLARED;
  const declaredMs = wave === "sleep" ? graceMs + updateMs + terminateMs : updateMs + bootMs + readyMs + stableMs;
  return { ...stages, declaredMs, floorMs: Math.round(Math.max(...Object.values(stages)) + declaredMs) };
}

/** 5t + 2.5t² = NW/b for one event source; each of several has its share of N. */
function eventSourceSeconds(N: number): number {
  const { first, perSecond } = AWS.eventSource;
  const work = (N * WORK_SECONDS) / HUB.batchSize / HUB.queues;
  const half = perSecond / 2;
  return (-first + Math.sqrt(first ** 2 + 4 * half * work)) / (2 * half);
}

function beyond(count: number, { perSecond, burst }: { readonly perSecond: number; readonly burst: number }): number {
  return Math.max(0, count - burst) / perSecond;
}

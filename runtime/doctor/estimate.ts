import type { Settings } from "../cycle/index.js";
import type { DrainForecast } from "../drain/index.js";
import type { RunReport } from "../run/index.js";

/** From the best to the worst case, in seconds. */
export interface Range {
  readonly leastSeconds: number;
  readonly mostSeconds: number;
}

/** How long a run is likely to take. */
export interface Estimate extends Range {
  /** `reports`: from so many of this cluster's own completed runs; `formula`: from what is there now. */
  readonly basis: "reports" | "formula";
  /** Completed runs that it rests on; 0 for the formula. */
  readonly runs: number;
}

/** From cordon to the second look at a node (safe-cycle 21). */
const SETTLE_SECONDS = 5;
/** EKS's update, then EC2's part of ending and of starting instances: planning figures, not measured here. */
const ENDING: Range = { leastSeconds: 45, mostSeconds: 240 };
const STARTING: Range = { leastSeconds: 60, mostSeconds: 240 };
/** For the pods of the tiers to start, beyond the nodes. */
const TIERS: Range = { leastSeconds: 10, mostSeconds: 120 };
/** Enough to speak for a cluster, few enough to follow its changes. */
const RUNS_USED = 5;

/**
 * How long draining takes: at best as long as the evictions take to be sent, `pods / requestsPerSecond`; at worst the longest
 * of that, of `pods' graces / maxPodsInFlight`, and of `nodes / maxNodes` rounds of the longest grace: every grace counts up
 * to podDeletionCapSeconds. Whatever is held by a budget, a mark or a silent node leaves at the deadline or not at all: then it is the whole
 * drain.timeoutSeconds.
 */
export function estimateDrain(forecast: DrainForecast, { drain }: Settings): Range {
  const { leaving } = forecast;
  const isSilent = forecast.silent.some(({ end, pods }) => end === null && pods.length > 0);
  if (leaving.length === 0 && !isSilent) return { leastSeconds: 0, mostSeconds: 0 };
  if (isSilent || isHeld(forecast)) return { leastSeconds: drain.timeoutSeconds, mostSeconds: drain.timeoutSeconds };
  const graces = leaving.map(({ graceSeconds }) => Math.min(graceSeconds, drain.podDeletionCapSeconds));
  const sending = leaving.length / drain.requestsPerSecond;
  const inFlight = graces.reduce((sum, grace) => sum + grace, 0) / drain.maxPodsInFlight;
  const nodes = new Set(leaving.map(({ node }) => node)).size;
  const rounds = Math.ceil(nodes / drain.maxNodes) * Math.max(...graces);
  return {
    leastSeconds: SETTLE_SECONDS + Math.ceil(sending),
    mostSeconds: SETTLE_SECONDS + Math.ceil(Math.max(sending, inFlight, rounds)),
  };
}

function isHeld({ deadEnds, holds, refused, leaving }: DrainForecast): boolean {
  return deadEnds.length + holds.length + refused.length > 0 || leaving.some((pod) => pod.isLeftForLast);
}

/** A whole hibernate: the cluster's own last runs if there are any, else draining and ending instances. */
export function estimateHibernate(
  forecast: DrainForecast,
  settings: Settings,
  reports: readonly RunReport[],
): Estimate {
  return (
    fromReports(reports, "hibernate") ?? {
      ...sum([estimateDrain(forecast, settings), ENDING]),
      basis: "formula",
      runs: 0,
    }
  );
}

/** A whole wake: the same, or starting instances, nodes that stay ready, and tiers. */
export function estimateWake({ nodesStableSeconds }: Settings, reports: readonly RunReport[]): Estimate {
  const stable = { leastSeconds: nodesStableSeconds, mostSeconds: nodesStableSeconds };
  return fromReports(reports, "wake") ?? { ...sum([STARTING, stable, TIERS]), basis: "formula", runs: 0 };
}

function fromReports(reports: readonly RunReport[], action: "hibernate" | "wake"): Estimate | null {
  const done = reports
    .filter((report) => report.action === action && report.result === "completed")
    .slice(0, RUNS_USED);
  if (done.length === 0) return null;
  const seconds = done.map(({ startedAt, finishedAt }) => Math.ceil((finishedAt - startedAt) / 1000));
  return {
    leastSeconds: Math.min(...seconds),
    mostSeconds: Math.max(...seconds),
    basis: "reports",
    runs: done.length,
  };
}

function sum(ranges: readonly Range[]): Range {
  return {
    leastSeconds: ranges.reduce((total, { leastSeconds }) => total + leastSeconds, 0),
    mostSeconds: ranges.reduce((total, { mostSeconds }) => total + mostSeconds, 0),
  };
}

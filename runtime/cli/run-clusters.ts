import pLimit from "p-limit";

import type { ClusterSpec } from "../config/index.js";
import { executeRun, type RunReport, type RunRequest } from "../run/index.js";
import type { OpenRuntime } from "./with-runtime.js";

/** What a person wants of clusters. */
export type PersonsWish = Pick<RunRequest, "desired" | "reason" | "dryRun" | "minNodes" | "forget">;

/** How it ended for one cluster. */
export interface RunEnd {
  readonly cluster: ClusterSpec;
  /** Null when a stop was asked for before its turn came. */
  readonly report: RunReport | null;
}

/** How many clusters at once, and who may stop them. */
export interface RunLimits {
  readonly parallel: number;
  readonly signal: AbortSignal;
}

/** Takes clusters to a state, some at once, each to its end. After a stop no further one begins. Never throws; the order stays. */
export async function runClusters(
  clusters: readonly ClusterSpec[],
  wish: PersonsWish,
  { ports, operationId }: OpenRuntime,
  { parallel, signal }: RunLimits,
): Promise<readonly RunEnd[]> {
  const limit = pLimit(parallel);
  const request = { ...wish, origin: "person", operationId, waitForLease: true } as const;
  const run = async (cluster: ClusterSpec): Promise<RunEnd> => {
    const report = signal.aborted ? null : await executeRun({ ...request, cluster }, ports, { yieldAt: null, signal });
    return { cluster, report };
  };
  return Promise.all(clusters.map((cluster) => limit(() => run(cluster))));
}

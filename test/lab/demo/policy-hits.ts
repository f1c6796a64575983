import { lastReport } from "./last-report.js";
import { CLUSTERS } from "./workloads.js";

/** What a declared policy did in one cluster. */
export interface PolicyHits {
  readonly cluster: string;
  /** `namespace/name` of pods deleted past their budget. */
  readonly forced: readonly string[];
  /** Workloads scaled to 0, in words. */
  readonly scaled: readonly string[];
}

/** Which pods a policy hit in each cluster that was drained, from the runs' own reports. */
export async function policyHits(statePath: string): Promise<readonly PolicyHits[]> {
  const hits: PolicyHits[] = [];
  for (const cluster of CLUSTERS) {
    const drain = (await lastReport(statePath, cluster))?.drain ?? null;
    if (drain === null) continue;
    const scaled = drain.scaledOwners.map(({ kind, name, replicas }) => `${kind} ${name} from ${replicas} to 0`);
    hits.push({ cluster: cluster.name, forced: drain.forced, scaled });
  }
  return hits;
}

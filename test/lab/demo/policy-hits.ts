import { openSqliteStore } from "../../../runtime/adapters/sqlite/state-store.js";
import { clusterId } from "../../../runtime/ports/index.js";
import type { RunReport } from "../../../runtime/run/index.js";
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
  const store = openSqliteStore(statePath);
  const hits: PolicyHits[] = [];
  for (const cluster of CLUSTERS) {
    const [stored] = await store.listReports(clusterId(cluster), { limit: 1 });
    if (stored === undefined) continue;
    const { drain } = JSON.parse(stored.body) as RunReport;
    if (drain === null) continue;
    const scaled = drain.scaledOwners.map(({ kind, name, replicas }) => `${kind} ${name} from ${replicas} to 0`);
    hits.push({ cluster: cluster.name, forced: drain.forced, scaled });
  }
  await store.close();
  return hits;
}

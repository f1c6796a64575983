import { openSqliteStore } from "../../../runtime/adapters/sqlite/state-store.js";
import { clusterId, type ClusterIdentity } from "../../../runtime/ports/index.js";
import type { RunReport } from "../../../runtime/run/index.js";

/** What Curfew itself reported of its newest run over the cluster; null when there was none. */
export async function lastReport(statePath: string, cluster: ClusterIdentity): Promise<RunReport | null> {
  const store = openSqliteStore(statePath);
  try {
    const [stored] = await store.listReports(clusterId(cluster), { limit: 1 });
    return stored === undefined ? null : (JSON.parse(stored.body) as RunReport);
  } finally {
    await store.close();
  }
}

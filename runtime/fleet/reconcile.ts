import type { ClusterStatus } from "./status.js";
import { clusterStatus } from "./status.js";
import type { Ports } from "../ports/index.js";
import { executeRun, type RunBudget, type RunReport, type RunTarget } from "../run/index.js";
import type { Origin } from "../cycle/index.js";
import type { Schedule } from "../schedule/index.js";

/** A cluster with a calendar. */
export interface ScheduledTarget extends RunTarget {
  readonly schedule: Schedule;
}

/**
 * Brings a cluster to what its calendar wants at this moment, whatever was wanted when somebody asked for it:
 * level-based, so late, doubled and reordered requests do no harm (design §2). Calling twice is safe. `origin`, by default
 * the calendar: a person who asks undoes a start by hand, which the calendar respects until its next change.
 */
export async function reconcile(
  cluster: ScheduledTarget,
  ports: Ports,
  budget: RunBudget,
  options: { readonly operationId: string; readonly waitForLease?: boolean; readonly origin?: Origin },
): Promise<RunReport> {
  const { verdict } = await readStatus(cluster, ports);
  return executeRun(
    { origin: "schedule", ...options, cluster, desired: verdict.state, reason: verdict.rule },
    ports,
    budget,
  );
}

/** The status of a cluster now. One read by key; no call to AWS. */
export async function readStatus(
  cluster: Pick<ScheduledTarget, "id" | "schedule">,
  { store, clock }: Pick<Ports, "store" | "clock">,
): Promise<ClusterStatus> {
  return clusterStatus(cluster.id, cluster.schedule, await store.readCluster(cluster.id), clock.now());
}

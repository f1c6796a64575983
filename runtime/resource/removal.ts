import type { ScheduledCluster } from "../config/index.js";
import { Failure, type Ports } from "../ports/index.js";
import { executeRun } from "../run/index.js";
import type { ResourceHost } from "./host.js";
import type { Properties } from "./inputs.js";
import { registeredCluster, statePathOf } from "./registered.js";

/**
 * Forgets a cluster. One that Curfew put to sleep is woken first, unless it was declared with `onDelete: leave`:
 * nobody would wake it any more (design §3.6). Throws the wake's `Failure`, and then nothing is forgotten, so that the
 * next `destroy` goes on. Calling twice is safe.
 */
export async function removeCluster(id: string, properties: Properties, host: ResourceHost): Promise<void> {
  const ports = await host.portsFor(statePathOf(properties));
  const spec = await registeredCluster(id, ports.store);
  if (spec === undefined) return refuseStranding(id, properties, ports);
  if (spec.onDelete === "wake") await wakeFirst(spec, ports, host);
  await ports.store.removeCluster(id);
}

/** The sizes to restore may lie in another state file. One that holds a report of the cluster is the right one: it was forgotten there. */
async function refuseStranding(id: string, properties: Properties, { store }: Ports): Promise<void> {
  if (properties["state"] !== "hibernated") return;
  const [report] = await store.listReports(id, { limit: 1 });
  if (report !== undefined) return;
  throw new Failure({
    code: "snapshot-missing",
    message: `${id} was put to sleep, and this state store does not know the sizes to restore.`,
    remedy:
      "Run where its state file is (CURFEW_STATE names it), or wake it with `curfew wake NAME --min-nodes 1`; then delete.",
  });
}

/** An open cycle is the mark of a cluster that was put to sleep, or half-way; without one there is nothing to give back. */
async function wakeFirst(spec: ScheduledCluster, ports: Ports, host: ResourceHost): Promise<void> {
  if ((await ports.store.readCycle(spec.id)) === undefined) return;
  const limit = host.limit();
  const report = await host.cancellation.during((signal) =>
    limit(() =>
      executeRun(
        {
          cluster: spec,
          desired: "running",
          origin: "person",
          reason: "its schedule is being deleted",
          operationId: host.operationId,
          waitForLease: true,
        },
        ports,
        { yieldAt: null, signal },
      ),
    ),
  );
  if (report.result === "completed" || report.result === "nothing-to-do") return;
  // A cluster that no longer exists cannot be stranded.
  if (report.failure?.code === "cluster-not-found") return;
  throw new Failure(report.failure ?? unfinished(report.summary));
}

function unfinished(message: string) {
  return { code: "internal", message, remedy: "Delete again: the wake goes on where it stopped." } as const;
}

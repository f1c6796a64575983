import { serialiseCluster, type ScheduledCluster } from "../config/index.js";
import { clusterStatus, readStatus, reconcile, type ClusterStatus } from "../fleet/index.js";
import type { Ports } from "../ports/index.js";
import type { RunReport } from "../run/index.js";
import { failureLine, partialFailure } from "./failures.js";
import type { ResourceHost } from "./host.js";
import type { Declared, Properties } from "./inputs.js";
import { toOutputs, withReport, type ClusterScheduleOutputs } from "./outputs.js";

/**
 * Registers a cluster's schedule in the state store and, unless it says `converge: false`, takes the cluster to what
 * its calendar wants at this moment. Calling again is safe, also after a crash: the run goes on where it stopped.
 * Throws `Failure` store-unavailable when nothing could be registered, and {@link partialFailure} when the cluster was
 * registered but did not get there. `properties` is what Pulumi handed over.
 */
export async function registerAndConverge(
  { spec, inputs }: Declared,
  properties: Properties,
  host: ResourceHost,
): Promise<ClusterScheduleOutputs> {
  const ports = await host.portsFor(inputs.statePath);
  const { operationId, origin } = host;
  const limit = host.limit();
  await ports.store.registerCluster({
    clusterId: spec.id,
    declaration: serialiseCluster(spec),
    registeredAt: ports.clock.now(),
  });
  if (!spec.converge) return toOutputs(await readStatus(spec, ports), inputs.statePath);
  const report = await host.cancellation.during((signal) =>
    limit(() => reconcile(spec, ports, { yieldAt: null, signal }, { operationId, origin, waitForLease: true })),
  );
  const outputs = withReport(toOutputs(await statusAnyway(spec, ports), inputs.statePath), report);
  if (hasArrived(report)) return outputs;
  throw partialFailure(spec.id, reasonOf(report), outputs, properties);
}

function hasArrived({ result }: RunReport): boolean {
  return result === "completed" || result === "nothing-to-do";
}

/** The status even when the store has just failed: then by the calendar alone. */
async function statusAnyway(spec: ScheduledCluster, ports: Ports): Promise<ClusterStatus> {
  try {
    return await readStatus(spec, ports);
  } catch {
    return clusterStatus(spec.id, spec.schedule, undefined, ports.clock.now());
  }
}

/** Why it did not arrive, for the person at the terminal: the failure, and what is not as it was. */
function reasonOf(report: RunReport): string {
  const cause = report.failure === null ? report.summary : failureLine(report.failure);
  return [`${report.clusterId}: ${report.result}: ${cause}`, ...report.drift].join(" ");
}

import { executeRun } from "../run/index.js";
import { Failure, type Ports } from "../ports/index.js";
import type { ScheduledCluster } from "../config/index.js";
import type { ResourceHost } from "./host.js";
import { parseInputs, type Properties } from "./inputs.js";

/**
 * Forgets a cluster. One that Curfew put to sleep is woken first, unless it was declared with `onDelete: leave`:
 * nobody would wake it any more (design §3.6). Throws the wake's `Failure`, and then nothing is forgotten, so that the
 * next `destroy` goes on. Calling twice is safe.
 */
export async function removeCluster(properties: Properties, host: ResourceHost): Promise<void> {
  const declared = parseInputs(properties);
  if (!declared.ok) throw unreadable(declared.failures.map(({ reason }) => reason));
  const { spec, inputs } = declared.value;
  const ports = host.portsFor(inputs.statePath);
  if (spec.onDelete === "wake") await wakeFirst(spec, ports, host);
  await ports.store.removeCluster(spec.id);
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

function unfinished(summary: string) {
  return { code: "internal", message: summary, remedy: "Run `pulumi destroy` again: it goes on where it stopped." } as const;
}

function unreadable(reasons: readonly string[]): Failure {
  return new Failure({
    code: "config-invalid",
    message: `The stored declaration of this cluster is not understood: ${reasons.join("; ")}.`,
    remedy: "Run `pulumi up` once with this version of Curfew, which writes it anew, then delete.",
  });
}

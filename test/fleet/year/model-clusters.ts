import type { executeRun, RunReport } from "../../../runtime/run/index.js";
import type { DesiredState } from "../../../runtime/schedule/index.js";
import { runReport } from "../run-report.js";
import type { Dice } from "./dice.js";
import type { Stretch } from "./wrong-spans.js";

/** How long the lease of a run lives; renewed at a third of it. */
export const LEASE_MS = 300_000;

/** Between two hops of an operation. */
const LONGEST_PAUSE_MS = 60_000;

/** A change of state that was carried out. */
export interface Change extends Stretch {
  /** The work that it took, and the pauses between the hops of its operation. */
  readonly runMs: number;
}

interface ModelCluster {
  state: DesiredState;
  readonly changes: Change[];
  /** What an operation has to do still: a change that is interrupted goes on where it stopped. */
  open: { readonly towards: DesiredState; leftMs: number; runMs: number } | null;
}

/** Clusters that take a while to change and remember when they did. */
export interface ModelClusters {
  readonly execute: typeof executeRun;
  readonly changesOf: (clusterId: string) => readonly Change[];
  readonly runs: () => number;
}

/** Sleeps of 1.5 to 4 minutes, one in fifty of 15 (a slow drain); wakes of 1 to 3. All begin asleep. */
export function modelClusters(dice: Dice): ModelClusters {
  const clusters = new Map<string, ModelCluster>();
  let runs = 0;

  function clusterOf(id: string): ModelCluster {
    const known = clusters.get(id) ?? { state: "hibernated", changes: [], open: null };
    clusters.set(id, known);
    return known;
  }

  function workMs(towards: DesiredState): number {
    if (towards === "running") return dice.between(60_000, 180_000);
    return dice.chance(0.02) ? 900_000 : dice.between(90_000, 240_000);
  }

  function openChange(cluster: ModelCluster, desired: DesiredState) {
    if (cluster.open?.towards !== desired) {
      const totalMs = workMs(desired);
      cluster.open = { towards: desired, leftMs: totalMs, runMs: totalMs };
    }
    return cluster.open;
  }

  return {
    runs: () => runs,
    changesOf: (id) => clusterOf(id).changes,
    async execute(request, { clock, store }, { yieldAt }) {
      const { id } = request.cluster;
      const { desired, operationId } = request;
      const startedAt = clock.now();
      const lease = await store.acquireLease({
        clusterId: id,
        operationId,
        now: startedAt,
        expiresAt: startedAt + LEASE_MS,
      });
      const report = (changes: Partial<RunReport>): RunReport =>
        runReport({ clusterId: id, operationId, desired, startedAt, finishedAt: clock.now(), ...changes });
      if (lease.kind === "held") return report({ result: "blocked", reached: null, failure: HELD });
      runs += 1;
      const cluster = clusterOf(id);
      const reach = async (result: "completed" | "nothing-to-do" | "yielded"): Promise<RunReport> => {
        const reached = result === "yielded" ? null : desired;
        const ended = report({ result, reached });
        await store.saveReached(lease.lease, { body: bodyOf(ended) });
        await store.releaseLease(lease.lease);
        return ended;
      };
      if (cluster.state === desired && cluster.open === null) return reach("nothing-to-do");

      const change = openChange(cluster, desired);
      while (change.leftMs > 0) {
        if (yieldAt !== null && clock.now() >= yieldAt) {
          change.runMs += LONGEST_PAUSE_MS;
          return reach("yielded");
        }
        const pieceMs = Math.min(change.leftMs, LEASE_MS / 3, Math.max(1, (yieldAt ?? Infinity) - clock.now()));
        await clock.sleep(pieceMs);
        change.leftMs -= pieceMs;
        if (change.leftMs <= 0) break;
        const renewed = await store.renewLease(lease.lease, clock.now() + LEASE_MS);
        if (renewed === "lost") return report({ result: "failed", reached: null, failure: LOST });
      }
      cluster.open = null;
      if (cluster.state !== desired) {
        cluster.state = desired;
        cluster.changes.push({ at: clock.now(), state: desired, runMs: change.runMs });
      }
      return reach("completed");
    },
  };
}

const HELD = { code: "lease-held", message: "held", remedy: "wait" } as const;
const LOST = { code: "lease-lost", message: "lost", remedy: "wait" } as const;

/** What a run notes in the table, as `runtime/run` writes it. */
function bodyOf({ desired, result, reached, reportId, finishedAt }: RunReport): string {
  const notes = { summary: "", failureCode: null, drift: [] };
  return JSON.stringify({
    version: 1,
    state: reached,
    sinceAt: finishedAt,
    desired,
    result,
    reportId,
    finishedAt,
    ...notes,
  });
}

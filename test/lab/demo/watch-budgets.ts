import { setTimeout as sleep } from "node:timers/promises";

import type { Lab, LabCluster } from "../index.js";

/** Looks at every budget again and again while something happens. */
export interface BudgetWatch {
  readonly looks: () => number;
  /** Ends the watch. */
  readonly stop: () => readonly BudgetSeen[];
}

/** The fewest healthy pods that a budget ever had, beside what it wants. */
export interface BudgetSeen {
  readonly cluster: string;
  readonly name: string;
  readonly healthy: number;
  readonly wanted: number;
}

const PAUSE_MS = 200;

/** Starts watching: how few healthy pods did each budget ever see, and how few does it want? */
export async function watchBudgets(lab: Lab): Promise<BudgetWatch> {
  const lowest = new Map<string, BudgetSeen>();
  let looks = 0;
  let isOver = false;

  async function look(): Promise<void> {
    await Promise.all(lab.clusters.map((cluster) => lookAt(cluster, lowest)));
    looks += 1;
  }

  async function watch(): Promise<void> {
    while (!isOver) {
      await look();
      await sleep(PAUSE_MS);
    }
  }

  await look();
  void watch().catch(() => undefined);
  return {
    looks: () => looks,
    stop() {
      isOver = true;
      return [...lowest.values()];
    },
  };
}

async function lookAt({ name: cluster, admin }: LabCluster, lowest: Map<string, BudgetSeen>): Promise<void> {
  const { items } = await admin.policy.listPodDisruptionBudgetForAllNamespaces();
  for (const { metadata, status } of items) {
    const { currentHealthy: healthy, desiredHealthy: wanted, expectedPods } = status ?? {};
    // A workload at zero replicas wants nothing any more.
    if (healthy === undefined || wanted === undefined || !expectedPods) continue;
    const name = metadata?.name ?? "";
    const key = `${cluster}/${name}`;
    const known = lowest.get(key);
    if (known === undefined || healthy < known.healthy) lowest.set(key, { cluster, name, healthy, wanted });
  }
}

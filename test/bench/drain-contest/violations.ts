import type { V1PodDisruptionBudget } from "@kubernetes/client-node";

import type { KubernetesClients } from "../../lab/cluster/clients.js";
import { watch } from "../../lab/kubelet/watch.js";

/**
 * Watches every budget while `work` runs and counts how many of them ever had fewer healthy pods than they need.
 * Rejects when no budget changed at all: then it proved nothing.
 */
export async function countingViolations<Result>(
  clients: KubernetesClients,
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly violations: number }> {
  const violated = new Set<string>();
  let sightings = 0;
  const budgets = watch<V1PodDisruptionBudget>(
    clients,
    "/apis/policy/v1/poddisruptionbudgets",
    ({ metadata, status }) => {
      sightings += 1;
      const { currentHealthy = 0, desiredHealthy = 0 } = status ?? {};
      if (currentHealthy < desiredHealthy) violated.add(metadata?.uid ?? "");
    },
  );
  try {
    const result = await work();
    if (sightings <= budgets.objects.size) throw new Error("no budget changed during the drain");
    return { result, violations: violated.size };
  } finally {
    await budgets.stop();
  }
}

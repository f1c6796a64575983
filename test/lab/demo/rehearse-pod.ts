import { ApiException } from "@kubernetes/client-node";

import type { LabCluster } from "../index.js";
import { pod, type Named } from "../workload.js";

/** Asks the API server to create a pod as a dry run, which stores nothing. Gives its refusal; null: it would be created. */
export async function refusalOf({ admin }: LabCluster, named: Named): Promise<string | null> {
  try {
    await admin.core.createNamespacedPod({ namespace: named.namespace, dryRun: "All", body: pod(named) });
    return null;
  } catch (error) {
    if (!(error instanceof ApiException)) throw error;
    return (JSON.parse(String(error.body)) as { readonly message: string }).message;
  }
}

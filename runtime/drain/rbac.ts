import { Failure, type PodRef } from "../ports/index.js";

import { podId } from "./pod-kind.js";

const NEEDED = { evict: "create pods/eviction", delete: "delete pods" } as const;

/** The failure for a 403 without a cause: permanent, so the drain ends early (safe-cycle 35). */
export function rbacDenied(verb: keyof typeof NEEDED, pod: PodRef, message: string): Failure {
  return new Failure({
    code: "rbac-denied",
    message: `RBAC: the cluster does not let Curfew ${verb} ${podId(pod)}: ${message.replace(/\.$/, "")}.`,
    remedy: `Grant Curfew's group "${NEEDED[verb]}" in all namespaces (README: RBAC that a cluster needs), then run again.`,
  });
}

import type { V1ClusterRole, V1ClusterRoleBinding } from "@kubernetes/client-node";
import { readFile } from "node:fs/promises";
import { parseAllDocuments } from "yaml";
import { packagePath } from "../package-path.js";
import type { KubernetesClients } from "./clients.js";

/** The Kubernetes group that Curfew's access entries map to. */
export const CURFEW_GROUP = "curfew";

/** The files of stacks/rbac, as users apply them. */
export type CurfewRights = "full-cycle" | "drain-only";

/** Gives the group `curfew` the rights of one of the files in stacks/rbac. For a fresh cluster: a second call is refused. */
export async function applyRbac({ rbac }: KubernetesClients, rights: CurfewRights = "full-cycle"): Promise<void> {
  const text = await readFile(packagePath("stacks/rbac", `${rights}.yaml`), "utf8");
  const [role, binding] = parseAllDocuments(text).map((document) => document.toJS() as unknown);
  await rbac.createClusterRole({ body: role as V1ClusterRole });
  await rbac.createClusterRoleBinding({ body: binding as V1ClusterRoleBinding });
}

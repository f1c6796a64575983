import type { V1ClusterRole, V1ClusterRoleBinding } from "@kubernetes/client-node";
import { readFile } from "node:fs/promises";
import { parseAllDocuments } from "yaml";
import { packagePath } from "../package-path.js";
import type { KubernetesClients } from "./clients.js";

/** The Kubernetes group that Curfew's access entries map to. */
export const CURFEW_GROUP = "curfew";

/** Gives the group `curfew` the rights in rbac.yaml. For a fresh cluster: a second call is refused. */
export async function applyRbac({ rbac }: KubernetesClients): Promise<void> {
  const text = await readFile(packagePath("test/lab/rbac.yaml"), "utf8");
  const [role, binding] = parseAllDocuments(text).map((document) => document.toJS() as unknown);
  await rbac.createClusterRole({ body: role as V1ClusterRole });
  await rbac.createClusterRoleBinding({ body: binding as V1ClusterRoleBinding });
}

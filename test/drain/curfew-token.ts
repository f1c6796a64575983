import type { KubernetesClients } from "../lab/cluster/clients.js";
import { applyRbac } from "../lab/cluster/rbac.js";

const NAMESPACE = "default";
const ONE_HOUR_SECONDS = 3600;

/**
 * Applies Curfew's RBAC to a fresh cluster and gives a bearer token that has exactly these rights, for one hour.
 * On EKS the token comes from an IAM role; a service account's is what a bare API server accepts.
 */
export async function curfewToken(admin: KubernetesClients): Promise<string> {
  await applyRbac(admin);
  return serviceAccountToken(admin, "curfew", "curfew");
}

/** Makes a service account, binds `clusterRole` to it, and gives a token of it. */
export async function serviceAccountToken(
  { core, rbac }: KubernetesClients,
  name: string,
  clusterRole: string,
): Promise<string> {
  await core.createNamespacedServiceAccount({ namespace: NAMESPACE, body: { metadata: { name } } });
  await rbac.createClusterRoleBinding({
    body: {
      metadata: { name: `service-account-${name}` },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: clusterRole },
      subjects: [{ kind: "ServiceAccount", namespace: NAMESPACE, name }],
    },
  });
  const { status } = await core.createNamespacedServiceAccountToken({
    namespace: NAMESPACE,
    name,
    body: { spec: { audiences: [], expirationSeconds: ONE_HOUR_SECONDS } },
  });
  if (status?.token === undefined) throw new Error(`no token for ${name}`);
  return status.token;
}

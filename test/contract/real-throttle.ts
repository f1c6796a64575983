import type { KubernetesClients } from "../lab/index.js";
import { CURFEW_GROUP } from "../lab/cluster/rbac.js";
import { sendRawOrThrow } from "./raw-request.js";

const FLOW_CONTROL = "/apis/flowcontrol.apiserver.k8s.io/v1";

/** A priority level without a single seat for Curfew's evictions in one namespace: the server rejects each with 429. */
export async function throttleEvictions(clients: KubernetesClients, namespace: string): Promise<void> {
  const metadata = { name: `no-evictions-${namespace}` };
  await sendRawOrThrow(clients, "POST", `${FLOW_CONTROL}/prioritylevelconfigurations`, {
    metadata,
    spec: {
      type: "Limited",
      limited: { nominalConcurrencyShares: 0, lendablePercent: 0, limitResponse: { type: "Reject" } },
    },
  });
  await sendRawOrThrow(clients, "POST", `${FLOW_CONTROL}/flowschemas`, {
    metadata,
    spec: {
      priorityLevelConfiguration: metadata,
      // 1 is the exempt schema's alone.
      matchingPrecedence: 2,
      rules: [
        {
          subjects: [{ kind: "Group", group: { name: CURFEW_GROUP } }],
          resourceRules: [
            { verbs: ["create"], apiGroups: ["*"], resources: ["pods/eviction"], namespaces: [namespace] },
          ],
        },
      ],
    },
  });
}

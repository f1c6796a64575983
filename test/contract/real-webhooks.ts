import type { KubernetesClients } from "../lab/index.js";
import { until } from "../lab/until.js";

type Target = "evict" | "delete";

/** A pod that no scheduler takes: the server's answers about it tell whether a webhook is in force. */
const CANARY = "webhook-canary";
const RULES = {
  evict: { resources: ["pods/eviction"], operations: ["CREATE"] },
  delete: { resources: ["pods"], operations: ["DELETE"] },
} as const;

/** Fail-closed webhooks whose Service does not exist, for the pods of one namespace. */
export function createWebhooks(clients: KubernetesClients, namespace: string) {
  const { core, admission } = clients;
  const broken = new Set<Target>();

  async function breakWebhook(target: Target): Promise<void> {
    broken.add(target);
    await core
      .createNamespacedPod({
        namespace,
        body: {
          metadata: { name: CANARY },
          spec: { schedulerName: "none", containers: [{ name: "main", image: "none" }] },
        },
      })
      .catch(() => undefined);
    await admission.createValidatingWebhookConfiguration({ body: configuration(target, namespace) });
    await until(async () => (await tryOut(target)).includes("failed calling webhook"));
  }

  async function mend(target: Target): Promise<void> {
    broken.delete(target);
    await admission.deleteValidatingWebhookConfiguration({ name: nameOf(target, namespace) });
    await until(async () => (await tryOut(target)) === "");
  }

  /** Rehearses the request on the canary; gives the server's refusal. */
  async function tryOut(target: Target): Promise<string> {
    const at = { namespace, name: CANARY, dryRun: "All" };
    const deleteOptions = { dryRun: ["All"] };
    const attempt =
      target === "evict"
        ? core.createNamespacedPodEviction({ ...at, body: { metadata: { namespace, name: CANARY }, deleteOptions } })
        : core.deleteNamespacedPod({ ...at, body: deleteOptions });
    return attempt.then(
      () => "",
      (error: unknown) => String(error),
    );
  }

  return {
    break: breakWebhook,
    mend,
    mendAll: async () => {
      for (const target of broken) await mend(target);
    },
  };
}

function nameOf(target: Target, namespace: string): string {
  return `${target}-${namespace}`;
}

function configuration(target: Target, namespace: string) {
  const { resources, operations } = RULES[target];
  return {
    metadata: { name: nameOf(target, namespace) },
    webhooks: [
      {
        name: `${target}.guard.lab.test`,
        admissionReviewVersions: ["v1"],
        sideEffects: "None",
        failurePolicy: "Fail",
        timeoutSeconds: 2,
        clientConfig: { service: { namespace, name: "no-such-service", path: "/" } },
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
        rules: [{ apiGroups: [""], apiVersions: ["v1"], resources: [...resources], operations: [...operations] }],
      },
    ],
  };
}

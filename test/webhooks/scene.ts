import type {
  V1MutatingWebhook,
  V1MutatingWebhookConfiguration,
  V1RuleWithOperations,
  V1ValidatingWebhook,
  V1ValidatingWebhookConfiguration,
} from "@kubernetes/client-node";

import type { LabCluster } from "../lab/index.js";
import { startWebhookBackend, type WebhookBackend } from "../lab/webhooks/webhook-backend.js";
import { daemonSet, deployment, untilReady, type Named } from "../lab/workload.js";
import { until } from "../lab/until.js";

/** A webhook server with its namespace, Service and pods, all named alike. */
export interface Guard {
  readonly named: Named;
  readonly backend: WebhookBackend;
}

const EVERYWHERE = [{ operator: "Exists" }];

/** The network's pods: with the lab's gate on no node is Ready without one. */
export async function installNetwork({ admin }: LabCluster): Promise<void> {
  const named = { namespace: "kube-system", name: "aws-node" };
  const options = { labels: { "k8s-app": "aws-node" }, hostNetwork: true, tolerations: EVERYWHERE, graceSeconds: 1 };
  await admin.apps.createNamespacedDaemonSet({ namespace: named.namespace, body: daemonSet(named, options) });
}

/** Starts a webhook server and the pods in front of it, and waits until they serve. */
export async function installGuard(cluster: LabCluster, name: string): Promise<Guard> {
  const { core, apps } = cluster.admin;
  const named = { namespace: name, name };
  const backend = await startWebhookBackend(cluster, named);
  await core.createNamespace({ body: { metadata: { name } } });
  await core.createNamespacedService({
    namespace: name,
    body: {
      metadata: { name },
      spec: { selector: { app: name }, ports: [{ port: 443, targetPort: backend.targetPort }] },
    },
  });
  await apps.createNamespacedDeployment({ namespace: name, body: deployment(named, 1, { graceSeconds: 1 }) });
  await untilReady(cluster.admin, named, 1, 60_000);
  return { named, backend };
}

/** A rule over pods, of every operation that is named. */
export const overPods = (...operations: readonly string[]): V1RuleWithOperations => ({
  apiGroups: [""],
  apiVersions: ["v1"],
  resources: ["pods"],
  operations: [...operations],
});

/** A webhook that asks the guard's server about new pods, unless told otherwise. */
export function webhookOf({ named, backend }: Guard, fields: Partial<V1ValidatingWebhook> = {}): V1ValidatingWebhook {
  return {
    name: `pods.${named.name}.test`,
    admissionReviewVersions: ["v1"],
    sideEffects: "None",
    failurePolicy: "Fail",
    timeoutSeconds: 5,
    clientConfig: { caBundle: backend.caBundle, service: { ...named, path: "/" } },
    rules: [overPods("CREATE")],
    ...fields,
  };
}

/** Creates or replaces a configuration; a replaced one is another object by the same name. */
export async function putValidating(
  { admin }: LabCluster,
  name: string,
  webhooks: readonly V1ValidatingWebhook[],
): Promise<V1ValidatingWebhookConfiguration> {
  await admin.admission.deleteValidatingWebhookConfiguration({ name }).catch(() => undefined);
  return admin.admission.createValidatingWebhookConfiguration({
    body: { metadata: { name }, webhooks: [...webhooks] },
  });
}

/** As {@link putValidating}, for a mutating one. */
export async function putMutating(
  { admin }: LabCluster,
  name: string,
  webhooks: readonly V1MutatingWebhook[],
): Promise<V1MutatingWebhookConfiguration> {
  await admin.admission.deleteMutatingWebhookConfiguration({ name }).catch(() => undefined);
  return admin.admission.createMutatingWebhookConfiguration({ body: { metadata: { name }, webhooks: [...webhooks] } });
}

/** A validating configuration as the server has it now. */
export const readValidating = ({ admin }: LabCluster, name: string): Promise<V1ValidatingWebhookConfiguration> =>
  admin.admission.readValidatingWebhookConfiguration({ name });

/** The first webhook of a configuration, as plain data. */
export async function firstWebhook(cluster: LabCluster, name: string): Promise<V1ValidatingWebhook> {
  const { webhooks = [] } = await readValidating(cluster, name);
  const [first] = webhooks;
  if (!first) throw new Error(`${name} has no webhook`);
  // The client's classes differ from literals in their prototype.
  return JSON.parse(JSON.stringify(first)) as V1ValidatingWebhook;
}

/** Changes one field of the first webhook, as somebody with a text editor does. */
export async function editFirst(
  cluster: LabCluster,
  name: string,
  change: (webhook: V1ValidatingWebhook) => void,
): Promise<void> {
  const body = await readValidating(cluster, name);
  for (const webhook of (body.webhooks ?? []).slice(0, 1)) change(webhook);
  await cluster.admin.admission.replaceValidatingWebhookConfiguration({ name, body });
}

/** Takes every webhook away, so that nothing of one test is in force in the next. */
export async function removeWebhooks({ admin: { admission } }: LabCluster): Promise<void> {
  await admission.deleteCollectionValidatingWebhookConfiguration({});
  await admission.deleteCollectionMutatingWebhookConfiguration({});
}

/** What events say of workloads whose pods could not be created. */
export async function failedCreates({ admin }: LabCluster, namespace: string): Promise<string> {
  const { items } = await admin.core.listNamespacedEvent({ namespace, fieldSelector: "reason=FailedCreate" });
  return items.map(({ message }) => message ?? "").join("\n");
}

/** Waits until the API server asks, or no longer asks, the webhooks that were just changed. */
export async function untilInForce(cluster: LabCluster, { named, backend }: Guard): Promise<void> {
  const before = backend.reviews.length;
  const canary = { metadata: { name: "canary" }, spec: { containers: [{ name: "main", image: "none" }] } };
  await until(async () => {
    await cluster.admin.core.createNamespacedPod({ namespace: named.namespace, dryRun: "All", body: canary });
    return backend.reviews.length > before;
  });
}

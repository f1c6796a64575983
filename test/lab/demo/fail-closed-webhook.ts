import type { V1ValidatingWebhook } from "@kubernetes/client-node";

import {
  firstWebhook,
  installGuard,
  installNetwork,
  putValidating,
  readValidating,
  untilInForce,
  webhookOf,
  type Guard,
} from "../../webhooks/scene.js";
import type { LabCluster } from "../index.js";

/** A webhook that is asked about every new pod of the cluster, its own pods and kube-system's among them. */
export interface FailClosedWebhook extends Disposable {
  readonly cluster: LabCluster;
  /** The server that answers for it, in a pod on nodes that go at night. */
  readonly guard: Guard;
  /** As it was before the first night. */
  readonly before: WebhookNow;
}

/** What people see of the configuration: the webhook, and the annotations on its object. */
export interface WebhookNow {
  readonly webhook: V1ValidatingWebhook;
  readonly annotations: Readonly<Record<string, string>>;
}

const NAME = "guard";

/** Installs a node network as on EKS, the webhook's server, and the webhook; waits until the API server asks it. */
export async function installFailClosedWebhook(cluster: LabCluster): Promise<FailClosedWebhook> {
  await installNetwork(cluster);
  const guard = await installGuard(cluster, NAME);
  await putValidating(cluster, NAME, [webhookOf(guard)]);
  await untilInForce(cluster, guard);
  const before = await webhookNow(cluster);
  return { cluster, guard, before, [Symbol.dispose]: () => guard.backend.close() };
}

/** The webhook as the API server has it at this moment. */
export async function webhookNow(cluster: LabCluster): Promise<WebhookNow> {
  const { metadata } = await readValidating(cluster, NAME);
  return { webhook: await firstWebhook(cluster, NAME), annotations: { ...metadata?.annotations } };
}

import { putValidating } from "../../webhooks/scene.js";
import type { LabCluster } from "../index.js";
import { until } from "../until.js";
import type { Named } from "../workload.js";
import type { FailClosedWebhook } from "./fail-closed-webhook.js";
import { say } from "./narrate.js";
import { refusalOf } from "./rehearse-pod.js";

const NETWORK: Named = { namespace: "kube-system", name: "aws-node" };
const APPLICATION: Named = { namespace: "shop", name: "web" };
const COPY = "as-it-was-in-the-evening";
const WAIT_MS = 30_000;

/**
 * Proves on the sleeping cluster's API server what the webhook's original settings would have done to the morning: a copy with
 * them is in force for a moment, and pods are created as dry runs. The copy is gone afterwards, Curfew's object is not touched.
 */
export async function showDeadlock({ cluster, guard, before }: FailClosedWebhook): Promise<void> {
  const vital = [NETWORK, guard.named];
  say("With its evening settings in force (a copy, for a moment), a dry run of creating");
  await withCopy(cluster, before, async () => {
    for (const named of vital) tell(named, await untilRefused(cluster, named));
  });
  say(
    "On EKS no node is Ready without aws-node, no guard runs without a node, and no aws-node starts without the guard.",
  );

  say("With the settings that Curfew left for the night, a dry run of creating");
  for (const named of vital) tell(named, await untilAllowed(cluster, named));
  tell(APPLICATION, await untilRefused(cluster, APPLICATION));
  say("What brings the nodes back may start; no application's pod slips past the webhook.");
}

async function withCopy(
  cluster: LabCluster,
  { webhook }: FailClosedWebhook["before"],
  act: () => Promise<void>,
): Promise<void> {
  await putValidating(cluster, COPY, [webhook]);
  try {
    await act();
  } finally {
    await cluster.admin.admission.deleteValidatingWebhookConfiguration({ name: COPY });
  }
}

/** The API server heeds a new configuration a moment after it has it. */
function untilRefused(cluster: LabCluster, named: Named): Promise<string> {
  return until(async () => {
    const refusal = await refusalOf(cluster, named);
    return refusal?.includes("no endpoints available for service") === true && refusal;
  }, WAIT_MS);
}

async function untilAllowed(cluster: LabCluster, named: Named): Promise<null> {
  await until(async () => (await refusalOf(cluster, named)) === null, WAIT_MS);
  return null;
}

function tell({ namespace, name }: Named, refusal: string | null): void {
  say(`  ${namespace}/${name}: ${refusal === null ? "allowed" : `refused. ${refusal}`}`);
}

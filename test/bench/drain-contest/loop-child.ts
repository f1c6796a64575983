import type { V1Pod } from "@kubernetes/client-node";
import { PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import { setTimeout as sleep } from "node:timers/promises";

import { createClients, type KubernetesClients } from "../../lab/cluster/clients.js";
import { compete } from "./contestant-process.js";

const IN_FLIGHT = 50;
const RETRY_MS = 500;
const POLL_MS = 200;

/** The least that a drain can be: cordon, list once, evict all at 50 in flight, wait until all are gone. */
compete(async ({ kubeconfigPath, nodes }) => {
  const clients = createClients(kubeconfigPath);
  const { core } = clients;
  const asMergePatch = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
  const cordon = { spec: { unschedulable: true } };
  await Promise.all(nodes.map((name) => core.patchNode({ name, body: cordon }, asMergePatch)));
  const waiting = takingTurns(await podsOn(clients, nodes)).values();
  let refusals = 0;
  const worker = async (): Promise<void> => {
    for (const pod of waiting) {
      while (!(await evict(clients, pod))) {
        refusals += 1;
        await sleep(RETRY_MS);
      }
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  while ((await podsOn(clients, nodes)).length > 0) await sleep(POLL_MS);
  await clients.close();
  return JSON.stringify({ refusals });
});

async function podsOn({ core }: KubernetesClients, nodes: readonly string[]): Promise<readonly V1Pod[]> {
  const { items } = await core.listPodForAllNamespaces();
  return items.filter(({ spec }) => nodes.includes(spec?.nodeName ?? ""));
}

/** The first pod of every app, then the second of every app, and so on: it spreads the contention on budgets. */
function takingTurns(pods: readonly V1Pod[]): readonly V1Pod[] {
  const apps = [...Map.groupBy(pods, ({ metadata }) => metadata?.labels?.["app"]).values()];
  const longest = Math.max(0, ...apps.map(({ length }) => length));
  return Array.from({ length: longest }, (_, turn) => apps.flatMap((app) => app[turn] ?? [])).flat();
}

async function evict({ core }: KubernetesClients, { metadata }: V1Pod): Promise<boolean> {
  const { name = "", namespace = "", uid = "" } = metadata ?? {};
  const body = { metadata: { name, namespace }, deleteOptions: { preconditions: { uid } } };
  try {
    await core.createNamespacedPodEviction({ name, namespace, body });
    return true;
  } catch {
    return false;
  }
}

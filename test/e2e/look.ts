import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";

import { PatchStrategy, setHeaderOptions, type V1Pod } from "@kubernetes/client-node";

import type { AwsCallCount, CountedCall, Lab, LabCluster } from "../lab/index.js";
import { until } from "../lab/until.js";

/** `[min, desired, max]` of each named group, as its Auto Scaling group has them. */
export async function sizesOf(
  cluster: LabCluster,
  groups: readonly string[],
): Promise<Readonly<Record<string, readonly number[]>>> {
  const sizes = groups.map(async (name) => {
    const { min, desired, max } = await cluster.group(name).read();
    return [name, [min, desired, max]] as const;
  });
  return Object.fromEntries(await Promise.all(sizes));
}

export async function nodeNames({ admin }: LabCluster): Promise<readonly string[]> {
  return (await admin.core.listNode()).items.map(({ metadata }) => metadata?.name ?? "").sort();
}

export async function cordonedNodes({ admin }: LabCluster): Promise<readonly string[]> {
  const { items } = await admin.core.listNode();
  return items.filter(({ spec }) => spec?.unschedulable === true).map(({ metadata }) => metadata?.name ?? "");
}

/** Nodes that external load balancers leave out. */
export async function excludedNodes({ admin }: LabCluster): Promise<readonly string[]> {
  const labelSelector = "node.kubernetes.io/exclude-from-external-load-balancers";
  const { items } = await admin.core.listNode({ labelSelector });
  return items.map(({ metadata }) => metadata?.name ?? "");
}

/** Cordons a node, or takes its cordon off, as a person does. */
export async function setCordon({ admin }: LabCluster, name: string, unschedulable: boolean): Promise<void> {
  const mergePatch = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
  await admin.core.patchNode({ name, body: { spec: { unschedulable } } }, mergePatch);
}

/** Pods of a namespace that are on a node or about to leave one. */
export async function podsOf({ admin }: LabCluster, namespace: string): Promise<readonly V1Pod[]> {
  return (await admin.core.listNamespacedPod({ namespace })).items;
}

/** Takes every workload and budget of a namespace away and waits until its pods are gone. */
export async function clearNamespace(cluster: LabCluster, namespace: string): Promise<void> {
  const { apps, policy } = cluster.admin;
  await policy.deleteCollectionNamespacedPodDisruptionBudget({ namespace });
  await apps.deleteCollectionNamespacedDeployment({ namespace });
  await until(async () => (await podsOf(cluster, namespace)).length === 0);
}

const READING = /^(Describe|List|Get|AssumeRole)/;

/** Calls to AWS that change something, since the counts were last reset; those of the lab itself are not counted. */
export function changingAwsCalls(lab: Lab): readonly AwsCallCount[] {
  return lab.aws.calls().filter(({ action }) => !READING.test(action));
}

const SETTLE_MS = 250;

/**
 * Requests that change something, made by roles that Curfew assumed, since the API server came up. It writes a request
 * down after it has answered it, so they are read until two reads agree.
 */
export async function changingKubernetesCalls(cluster: LabCluster): Promise<readonly CountedCall[]> {
  let calls = await readChangingCalls(cluster);
  for (;;) {
    await sleep(SETTLE_MS);
    const again = await readChangingCalls(cluster);
    if (isDeepStrictEqual(again, calls)) return again;
    calls = again;
  }
}

async function readChangingCalls(cluster: LabCluster): Promise<readonly CountedCall[]> {
  const calls = await cluster.calls();
  return calls.filter(({ user, verb }) => user.includes(":assumed-role/") && !["get", "list", "watch"].includes(verb));
}

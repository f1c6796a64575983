import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";

import { parseSnapshot } from "../../runtime/cycle/index.js";
import { clusterId } from "../../runtime/ports/index.js";
import type { LabCluster } from "../lab/index.js";
import type { KillOrder } from "./kill-child.js";
import { tellMoments } from "./moments.js";
import { runOnce, withStore } from "./runner.js";

// The same ending as this file: it runs compiled and as it stands.
const CHILD = fileURLToPath(new URL(`./kill-child${extname(import.meta.filename)}`, import.meta.url));

/** One cluster with its state file, on which runs die. */
export interface Victim {
  readonly cluster: LabCluster;
  readonly statePath: string;
  readonly settings: KillOrder["settings"];
}

type Desired = KillOrder["desired"];

/** Runs undisturbed and gives every moment at which a process could have died, in order. */
export async function cleanRun({ cluster, statePath, settings }: Victim, desired: Desired): Promise<readonly string[]> {
  const moments = new Set<string>();
  const report = await runOnce(cluster, statePath, desired, {
    settings,
    ...tellMoments((moment) => moments.add(moment)),
  });
  assert.equal(report.result, "completed", report.summary);
  return [...moments];
}

/**
 * A process of its own begins the run and is gone at that moment. Only a wait's progress may fail to come: a wait that is
 * over at its first look tells nothing, and the run ends by itself.
 */
export async function die({ cluster, statePath, settings }: Victim, desired: Desired, dieAt: string): Promise<void> {
  const { account, region, name, roleArn } = cluster;
  const address = { account, region, name, roleArn };
  const order: KillOrder = { address, statePath, desired, settings, dieAt };
  const child = spawn(process.execPath, [...process.execArgv, CHILD, JSON.stringify(order)], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  if (dieAt.startsWith("step-progress ") && code === 0) return;
  assert.equal(signal, "SIGKILL", `${desired}: the moment "${dieAt}" did not come`);
}

/** The next run, which must get there. */
export async function runAgain({ cluster, statePath, settings }: Victim, desired: Desired): Promise<void> {
  const report = await runOnce(cluster, statePath, desired, { settings, waitForLease: true });
  const isThere = report.result === "completed" || report.result === "nothing-to-do";
  assert.ok(isThere, report.summary);
}

/** Dies at that moment, and gets there with the next run. */
export async function dieAndRunAgain(victim: Victim, desired: Desired, dieAt: string): Promise<void> {
  await die(victim, desired, dieAt);
  await runAgain(victim, desired);
}

/** `[min, desired, max]` of every group in the snapshot of the open cycle. */
export async function savedSizes({ cluster, statePath }: Victim): Promise<Readonly<Record<string, readonly number[]>>> {
  const { account, region, name } = cluster;
  const cycle = await withStore(statePath, (store) => store.readCycle(clusterId(cluster)));
  const { groups } = parseSnapshot(cycle?.snapshot ?? "", `arn:aws:eks:${region}:${account}:cluster/${name}`);
  return Object.fromEntries(groups.map((group) => [group.name, [group.size.min, group.size.desired, group.size.max]]));
}

/** Whether a cycle is open for the cluster. */
export async function isCycleOpen({ cluster, statePath }: Victim): Promise<boolean> {
  return (await withStore(statePath, (store) => store.readCycle(clusterId(cluster)))) !== undefined;
}

/** The moments of one night and one morning. */
export interface Night {
  readonly hibernate: string;
  readonly wake: string;
}

/** Every moment of both runs occurs; the shorter list begins again. */
export function pairMoments(hibernate: readonly string[], wake: readonly string[]): readonly Night[] {
  return Array.from({ length: Math.max(hibernate.length, wake.length) }, (_, index) => ({
    hibernate: hibernate[index % hibernate.length] ?? "",
    wake: wake[index % wake.length] ?? "",
  }));
}

/** Hands out the items to the victims, each of which takes the next as soon as it is free. After a failure no more are begun. */
export async function eachByOne<T>(
  victims: readonly Victim[],
  items: readonly T[],
  act: (victim: Victim, item: T) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  const work = async (victim: Victim): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      await act(victim, item).catch((cause: unknown) => {
        queue.length = 0;
        throw new Error(`after a death at ${JSON.stringify(item)}`, { cause });
      });
    }
  };
  const ends = await Promise.allSettled(victims.map(work));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}

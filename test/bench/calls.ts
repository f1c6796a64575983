import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { DEFAULT_SETTINGS, type Settings } from "../../runtime/cycle/index.js";
import type { RunRequest } from "../../runtime/run/index.js";
import { setEnvironment } from "../adapters/aws/environment.js";
import { runOnce } from "../e2e/runner.js";
import { startLab, type CountedCall, type Lab, type LabCluster } from "../lab/index.js";
import { until } from "../lab/until.js";
import { deployment, isPodReady } from "../lab/workload.js";

const MANAGED = ["general", "memory", "spot"] as const;
const SELF_MANAGED = ["batch"] as const;
const NODES_PER_GROUP = 5;
const NODES = (MANAGED.length + SELF_MANAGED.length) * NODES_PER_GROUP;
const APPS = 10;
const PODS_PER_APP = 40;
const PODS = APPS * PODS_PER_APP;
const NAMESPACE = "default";

/** How long AWS takes here. The waits are what polls are spent on, so they must not be the emulator's usual blink. */
const CLOUD = { updateMs: 5_000, terminateMs: 40_000, launchMs: 20_000, bootMs: 40_000 } as const;

/** Calls by service. */
interface Calls {
  readonly sts: number;
  readonly eks: number;
  readonly autoscaling: number;
  readonly kubernetes: number;
}

/**
 * The least that each direction can be done with (aws.md §12): one AssumeRole; list, describe and
 * update every managed group, with the cluster's endpoint cached; three polls of all Auto Scaling groups and an update of each self-managed
 * one; a patch per node, an eviction per pod and ten reads on the way down; three reads on the way up.
 */
const LEAN = {
  sleep: { ...leanAws(), kubernetes: NODES + PODS + 10 },
  wake: { ...leanAws(), kubernetes: 3 },
} as const;

function leanAws(): Omit<Calls, "kubernetes"> {
  return { sts: 1, eks: 1 + 2 * MANAGED.length, autoscaling: 3 + SELF_MANAGED.length };
}

/** The work that the lean minimum stands for: it knows nothing of webhooks, autoscalers, KEDA or Jobs. */
const WITHOUT_MEASURES: Settings = {
  ...DEFAULT_SETTINGS,
  measures: {
    gitops: "off",
    autoscaler: "off",
    karpenter: "off",
    keda: "off",
    jobs: "off",
    cronjobs: "off",
    webhooks: "off",
  },
};

/** One night and the morning after it. */
interface Night {
  readonly sleep: Calls;
  readonly wake: Calls;
  /** All calls of both directions against all of the lean minimum. */
  readonly ratio: number;
  readonly ratioByDirection: { readonly sleep: number; readonly wake: number };
}

/** What the `calls` benchmark found: without measures, as the lean minimum is, and with what a default night looks for besides. */
export interface CallsFigures extends Night {
  readonly withMeasures: Night;
  readonly leanMinimum: { readonly sleep: Calls; readonly wake: Calls };
  readonly cluster: { readonly groups: number; readonly nodes: number; readonly pods: number };
  readonly cloud: typeof CLOUD;
}

/**
 * Puts one cluster of 4 groups, 20 nodes and 400 pods to sleep and wakes it, twice, and counts every API call on the wire:
 * AWS's at the endpoint, Kubernetes's in the API server's audit log. Takes about seven minutes. What each call was goes to
 * stderr.
 */
export async function runCallsBench(): Promise<CallsFigures> {
  await using lab = await startBenchLab();
  await using scratch = scratchFolder();
  const cluster = lab.cluster("bench");
  const restore = setEnvironment(lab.environment);
  try {
    await furnish(cluster);
    await lab.aws.setTiming(CLOUD);
    const statePath = join(scratch.path, "state.db");
    const night = async (settings: Settings): Promise<Night> => {
      const sleep = await countRun(lab, cluster, { statePath, settings, desired: "hibernated" });
      const wake = await countRun(lab, cluster, { statePath, settings, desired: "running" });
      await untilAllRun(cluster);
      return compare(sleep, wake);
    };
    return {
      ...(await night(WITHOUT_MEASURES)),
      withMeasures: await night(DEFAULT_SETTINGS),
      leanMinimum: LEAN,
      cluster: { groups: MANAGED.length + SELF_MANAGED.length, nodes: NODES, pods: PODS },
      cloud: CLOUD,
    };
  } finally {
    restore();
  }
}

function startBenchLab(): Promise<Lab> {
  const size = { min: 1, desired: NODES_PER_GROUP, max: 2 * NODES_PER_GROUP };
  return startLab({
    countCalls: true,
    clusters: [
      {
        name: "bench",
        account: "111111111111",
        region: "us-east-1",
        groups: [
          ...MANAGED.map((name) => ({ ...size, name, kind: "managed" as const, bootMs: CLOUD.bootMs })),
          ...SELF_MANAGED.map((name) => ({ ...size, name, kind: "self-managed" as const, bootMs: CLOUD.bootMs })),
        ],
      },
    ],
  });
}

function scratchFolder(): { readonly path: string } & AsyncDisposable {
  const path = mkdtempSync(join(tmpdir(), "curfew-calls-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

async function furnish({ admin }: LabCluster): Promise<void> {
  for (let index = 0; index < APPS; index += 1) {
    const body = deployment({ namespace: NAMESPACE, name: `app-${index}` }, PODS_PER_APP, { graceSeconds: 1 });
    await admin.apps.createNamespacedDeployment({ namespace: NAMESPACE, body });
  }
  await untilAllRun({ admin });
}

async function untilAllRun({ admin }: Pick<LabCluster, "admin">): Promise<void> {
  await until(async () => {
    const { items } = await admin.core.listNamespacedPod({ namespace: NAMESPACE });
    return items.filter(isPodReady).length === PODS;
  }, 60_000);
}

interface Order extends Pick<RunRequest, "desired"> {
  readonly statePath: string;
  readonly settings: Settings;
}

async function countRun(lab: Lab, cluster: LabCluster, { statePath, settings, desired }: Order): Promise<Calls> {
  lab.aws.resetCalls();
  const before = countOurs(await cluster.calls());
  const startedAt = performance.now();
  const report = await runOnce(cluster, statePath, desired, { settings });
  if (report.result !== "completed") throw new Error(report.summary);
  console.error(`${desired} after ${Math.round((performance.now() - startedAt) / 1000)} s`);
  const ours = [...countOurs(await cluster.calls())].map(
    ([what, count]) => [what, count - (before.get(what) ?? 0)] as const,
  );
  for (const [what, count] of ours) if (count > 0) console.error(`  kubernetes ${what}: ${count}`);
  for (const { service, action, count } of lab.aws.calls()) console.error(`  ${service} ${action}: ${count}`);
  const aws = (name: string) => sum(lab.aws.calls().flatMap(({ service, count }) => (service === name ? [count] : [])));
  return {
    sts: aws("sts"),
    eks: aws("eks"),
    autoscaling: aws("autoscaling"),
    kubernetes: sum(ours.map(([, count]) => count)),
  };
}

/** Requests by the role that Curfew assumes; the lab's own controllers and kubelets are other users. */
function countOurs(calls: readonly CountedCall[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { user, verb, resource, count } of calls) {
    if (!user.includes(":assumed-role/")) continue;
    const what = `${verb} ${resource}`;
    counts.set(what, (counts.get(what) ?? 0) + count);
  }
  return counts;
}

function compare(sleep: Calls, wake: Calls): Night {
  return {
    sleep,
    wake,
    ratio: ratio(total(sleep) + total(wake), total(LEAN.sleep) + total(LEAN.wake)),
    ratioByDirection: { sleep: ratio(total(sleep), total(LEAN.sleep)), wake: ratio(total(wake), total(LEAN.wake)) },
  };
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
const total = ({ sts, eks, autoscaling, kubernetes }: Calls): number => sts + eks + autoscaling + kubernetes;
const ratio = (ours: number, lean: number): number => Math.round((ours / lean) * 1000) / 1000;

import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { createDeployLab, type DeployLab } from "../stacks/deploy/lab.js";

/** How many clusters; 1,000 take about five minutes. */
const DEFAULT_CLUSTERS = 1_000;
const CLUSTERS_PER_STACK = 100;

/** What the `deploy` benchmark found. Times in milliseconds of wall time for one whole command. */
export interface DeployFigures {
  readonly clusters: number;
  readonly stacks: number;
  /** One stack over shards, create. */
  readonly ratio: number;
  readonly noopRatio: number;
  readonly oneStackCreateMs: number;
  readonly shardsCreateMs: number;
  readonly oneStackNoopMs: number;
  readonly shardsNoopMs: number;
}

/**
 * The same clusters, which are where they should be, by the same `curfew deploy up` (preview and all): once in one stack, once
 * spread over stacks. `CURFEW_BENCH_CLUSTERS` makes it smaller.
 */
export async function runDeployBench(): Promise<DeployFigures> {
  const clusters = Number(process.env["CURFEW_BENCH_CLUSTERS"] ?? DEFAULT_CLUSTERS);
  const perStack = Math.min(CLUSTERS_PER_STACK, Math.ceil(clusters / 3));
  await using lab = await createDeployLab();
  await declare(lab, "one", clusters, {});
  await declare(lab, "many", clusters, { deployer: { clustersPerStack: perStack } });
  const shardsCreateMs = await timeUp(lab, "many", "create in shards");
  const shardsNoopMs = await timeUp(lab, "many", "no-op in shards");
  const oneStackCreateMs = await timeUp(lab, "one", "create in one stack");
  const oneStackNoopMs = await timeUp(lab, "one", "no-op in one stack");
  return {
    clusters,
    stacks: Math.ceil(clusters / perStack),
    ratio: ratio(oneStackCreateMs, shardsCreateMs),
    noopRatio: ratio(oneStackNoopMs, shardsNoopMs),
    ...{ oneStackCreateMs, shardsCreateMs, oneStackNoopMs, shardsNoopMs },
  };
}

/** Each environment has clusters of its own, so that neither finds the other's in the state file. */
async function declare(lab: DeployLab, environment: string, count: number, config: object): Promise<void> {
  const clusters = Array.from({ length: count }, (_, index) => ({
    name: `${environment}-${index}`,
    account: String(100_000_000_000 + (index % 300)),
    region: "ap-southeast-2",
    schedule: "always",
  }));
  const catalogue = `${environment}.json`;
  await writeFile(join(lab.project, catalogue), JSON.stringify({ clusters }));
  await lab.declare(environment, { ...config, catalogue, schedules: { always: { timezone: "UTC", awake: "always" } } });
}

async function timeUp(lab: DeployLab, environment: string, what: string): Promise<number> {
  const startedAt = performance.now();
  const { exitCode, stdout, stderr } = await lab.deploy(["up", environment, "--yes", "--json"]);
  const durationMs = performance.now() - startedAt;
  if (exitCode !== 0) throw new Error(`${what} failed:\n${(stdout + stderr).slice(-2_000)}`);
  console.error(`${what}: ${(durationMs / 1_000).toFixed(1)} s`);
  return Math.round(durationMs);
}

const ratio = (one: number, many: number): number => Math.round((one / many) * 100) / 100;

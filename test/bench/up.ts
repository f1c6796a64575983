import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { ClusterSchedule } from "../../dynamic-providers/cluster-schedule.js";
import { packagePath } from "../lab/package-path.js";
import { createPulumiWorkspace, type PulumiWorkspace } from "../lab/pulumi/index.js";

/** How many resources of each kind; 1,000 take about ten minutes. */
const DEFAULT_CLUSTERS = 1_000;
const NOOP_ROUNDS = 3;

/** What the `up` benchmark found. Times in milliseconds of wall time for one whole command. */
export interface UpFigures {
  readonly clusters: number;
  /** Ours over trivial. */
  readonly createRatio: number;
  readonly noopRatio: number;
  /** One ClusterSchedule in the state as `pulumi stack export` gives it, without indentation. */
  readonly bytesPerResource: number;
  readonly createMs: number;
  readonly trivialCreateMs: number;
  readonly noopMs: number;
  readonly trivialNoopMs: number;
  /** The backend's file, indented and with the exported table, by the number of clusters. */
  readonly stateFileBytesPerCluster: number;
}

/**
 * As many ClusterSchedules over simulated clusters that are where they should be, against as many dynamic resources that
 * do nothing: the same engine, the same kind of backend, in turns. `CURFEW_BENCH_CLUSTERS` makes it smaller.
 */
export async function runUpBench(): Promise<UpFigures> {
  const clusters = Number(process.env["CURFEW_BENCH_CLUSTERS"] ?? DEFAULT_CLUSTERS);
  const environment = { CURFEW_CONNECTOR: "memory", CURFEW_BENCH_CLUSTERS: String(clusters) };
  await using trivial = await createPulumiWorkspace({
    environment,
    project: packagePath("test", "bench", "up-trivial"),
  });
  await using ours = await createPulumiWorkspace({ environment });
  await trivial.writeConfig("config: {}\n");
  await declareClusters(ours, clusters);

  const trivialCreateMs = await timeUp("trivial create", trivial, clusters);
  const createMs = await timeUp("ClusterSchedule create", ours, clusters);
  const trivialNoops: number[] = [];
  const noops: number[] = [];
  for (let round = 0; round < NOOP_ROUNDS; round++) {
    trivialNoops.push(await timeUp("trivial no-op", trivial, clusters));
    noops.push(await timeUp("ClusterSchedule no-op", ours, clusters));
  }
  const [noopMs, trivialNoopMs] = [median(noops), median(trivialNoops)];
  return {
    clusters,
    createRatio: ratio(createMs, trivialCreateMs),
    noopRatio: ratio(noopMs, trivialNoopMs),
    bytesPerResource: await bytesPerResource(ours),
    createMs,
    trivialCreateMs,
    noopMs,
    trivialNoopMs,
    stateFileBytesPerCluster: Math.round((await ours.stateBytes()) / clusters),
  };
}

/** In a catalogue, because a thousand clusters do not fit into a stack's config. */
async function declareClusters(workspace: PulumiWorkspace, count: number): Promise<void> {
  const catalogue = join(workspace.folder, "catalogue.json");
  const clusters = Array.from({ length: count }, (_, index) => ({
    name: `payments-${index}`,
    account: String(100_000_000_000 + (index % 300)),
    region: "ap-southeast-2",
    schedule: "always",
  }));
  await writeFile(catalogue, JSON.stringify({ clusters }));
  const schedules = "{ always: { timezone: UTC, awake: always } }";
  await workspace.writeConfig(`config:\n  curfew:catalogue: ${catalogue}\n  curfew:schedules: ${schedules}\n`);
}

async function timeUp(what: string, workspace: PulumiWorkspace, count: number): Promise<number> {
  const { exitCode, output, durationMs } = await workspace.up(["--suppress-outputs"]);
  if (exitCode !== 0) throw new Error(`${what} failed:\n${output.slice(-2_000)}`);
  console.error(`${what} of ${count}: ${(durationMs / 1_000).toFixed(1)} s`);
  return Math.round(durationMs);
}

async function bytesPerResource(workspace: PulumiWorkspace): Promise<number> {
  const sizes = (await workspace.resources())
    .filter(({ type }) => type === ClusterSchedule.__pulumiType)
    .map((resource) => Buffer.byteLength(JSON.stringify(resource)));
  return Math.round(sizes.reduce((sum, size) => sum + size, 0) / sizes.length);
}

const ratio = (ours: number, theirs: number): number => Math.round((ours / theirs) * 100) / 100;

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

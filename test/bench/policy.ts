import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { packagePath } from "../lab/package-path.js";
import { createPulumiWorkspace, type PulumiWorkspace } from "../lab/pulumi/index.js";

/** How many ClusterSchedules; previews of 1,000 take about ten seconds each. */
const DEFAULT_CLUSTERS = 1_000;
const ROUNDS = 5;

/** What the `policy` benchmark found. Medians; times in milliseconds of wall time for one whole command. */
export interface PolicyFigures {
  readonly clusters: number;
  readonly rounds: number;
  /** A preview that creates all clusters, with the policy pack over without it. */
  readonly ratio: number;
  /** The same with a pack that has no rules: what engine and SDK take for themselves. */
  readonly emptyPackRatio: number;
  /** A preview in which nothing changes, likewise. */
  readonly noopRatio: number;
  readonly noopEmptyPackRatio: number;
  readonly withPackMs: number;
  readonly emptyPackMs: number;
  readonly withoutPackMs: number;
  readonly noopWithPackMs: number;
  readonly noopWithoutPackMs: number;
}

/**
 * Previews of ClusterSchedules over simulated clusters with the policy pack and without it, in turns: the same engine, the
 * same stack. `CURFEW_BENCH_CLUSTERS` makes it smaller.
 */
export async function runPolicyBench(): Promise<PolicyFigures> {
  const clusters = Number(process.env["CURFEW_BENCH_CLUSTERS"] ?? DEFAULT_CLUSTERS);
  await using workspace = await createPulumiWorkspace({ environment: ENVIRONMENT });
  await declareClusters(workspace, clusters);
  const ways = {
    withoutPack: [],
    emptyPack: ["--policy-pack", await writeEmptyPack(workspace.folder)],
    withPack: PACK,
  };
  const create = await comparePreviews("create", workspace, ways);
  const up = await workspace.up(["--suppress-outputs"]);
  if (up.exitCode !== 0) throw new Error(`up failed:\n${up.output.slice(-2_000)}`);
  const noop = await comparePreviews("no-op", workspace, ways);
  return {
    clusters,
    rounds: ROUNDS,
    ratio: ratio(create.withPack, create.withoutPack),
    emptyPackRatio: ratio(create.emptyPack, create.withoutPack),
    noopRatio: ratio(noop.withPack, noop.withoutPack),
    noopEmptyPackRatio: ratio(noop.emptyPack, noop.withoutPack),
    withPackMs: create.withPack,
    emptyPackMs: create.emptyPack,
    withoutPackMs: create.withoutPack,
    noopWithPackMs: noop.withPack,
    noopWithoutPackMs: noop.withoutPack,
  };
}

/** The one `up` writes its state only at the end, which spares minutes; previews write none. */
const ENVIRONMENT = { CURFEW_CONNECTOR: "memory", PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" };

const PACK: readonly string[] = ["--policy-pack", "policy"];

/** A pack of the same SDK without a rule. */
async function writeEmptyPack(folder: string): Promise<string> {
  const pack = join(folder, "empty");
  await mkdir(pack);
  await symlink(packagePath("node_modules"), join(folder, "node_modules"));
  await writeFile(join(pack, "PulumiPolicy.yaml"), "runtime: nodejs\n");
  await writeFile(join(pack, "package.json"), JSON.stringify({ name: "empty", version: "0.1.0", main: "index.cjs" }));
  const program = 'new (require("@pulumi/policy").PolicyPack)("empty", { policies: [] });\n';
  await writeFile(join(pack, "index.cjs"), program);
  return pack;
}

/**
 * Medians by way, in milliseconds. One unmeasured round first, in which files get into memory; then the ways in turns, each
 * round in the other direction.
 */
async function comparePreviews<Way extends string>(
  what: string,
  workspace: PulumiWorkspace,
  ways: Readonly<Record<Way, readonly string[]>>,
): Promise<Readonly<Record<Way, number>>> {
  const names = Object.keys(ways) as Way[];
  const times = new Map<Way, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const durationMs = await preview(workspace, ways[name]);
      if (round > 0) times.get(name)?.push(durationMs);
      console.error(`${what}, ${round === 0 ? "warming up" : `round ${round}`}, ${name}: ${durationMs} ms`);
    }
  }
  return Object.fromEntries([...times].map(([name, found]) => [name, median(found)])) as Record<Way, number>;
}

async function preview(workspace: PulumiWorkspace, args: readonly string[]): Promise<number> {
  const { exitCode, output, durationMs } = await workspace.preview(["--suppress-outputs", ...args]);
  if (exitCode !== 0) throw new Error(`preview failed:\n${output.slice(-2_000)}`);
  return Math.round(durationMs);
}

/**
 * In a catalogue, because a thousand clusters do not fit into a stack's config; fit to pass every rule. The `up` only
 * registers them: on a weekend it would put them all to sleep.
 */
async function declareClusters(workspace: PulumiWorkspace, count: number): Promise<void> {
  const catalogue = join(workspace.folder, "catalogue.json");
  const clusters = Array.from({ length: count }, (_, index) => ({
    name: `payments-${index}`,
    account: String(100_000_000_000 + (index % 300)),
    region: "ap-southeast-2",
    schedule: ["office", "long-days"][index % 2],
    tags: { team: `team-${index % 40}` },
    converge: false,
  }));
  await writeFile(catalogue, JSON.stringify({ clusters }));
  await workspace.writeConfig(`config:
  curfew:catalogue: ${catalogue}
  curfew:schedules:
    office: { timezone: Australia/Sydney, awake: ["Mon-Fri 07:00-19:00"] }
    long-days: { timezone: Australia/Sydney, awake: ["Mon-Fri 06:00-22:00"] }
  curfew:exclusions:
    - { cluster: "*-critical", reason: runs the pager }
`);
}

const ratio = (one: number, other: number): number => Math.round((one / other) * 1_000) / 1_000;

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

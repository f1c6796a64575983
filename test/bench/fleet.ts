import { once } from "node:events";
import { Worker } from "node:worker_threads";

import type { FleetMeasurement } from "./fleet/measure.js";
import { AWS, CLUSTER, DECLARED, HUB } from "./fleet/quotas.js";

const CLUSTERS = Number(process.env["CURFEW_BENCH_CLUSTERS"] ?? 10_000);
const PER_ACCOUNT = [20, 100] as const;

/** What the `fleet` benchmark found; times in ms of virtual time, except `tookMs`. */
export interface FleetFigures {
  /** The slowest of the four waves against its floor. */
  readonly ratio: number;
  readonly convergeMs: number;
  readonly floorMs: number;
  /** After the warm-up, in all waves. */
  readonly throttles: number;
  readonly unreached: number;
  readonly byPerAccount: Readonly<Record<string, FleetMeasurement>>;
  readonly model: {
    readonly aws: typeof AWS;
    readonly hub: typeof HUB;
    readonly cluster: typeof CLUSTER;
    readonly declared: typeof DECLARED;
  };
}

/**
 * Puts 10,000 clusters to sleep and wakes them, once with 20 and once with 100 in each account: the real planner, workers, pacer,
 * breaker and runs, each cluster a twin with 4 node groups and 20 nodes, on virtual time, against a model of AWS's quotas
 * and of Lambda's scaling (aws.md §12). The floor is what that page's formulas give, plus what the twins declare. Not simulated:
 * latency of DynamoDB, SQS and the clusters' own API servers. Takes some minutes. Progress goes to stderr.
 */
export async function runFleetBench(): Promise<FleetFigures> {
  const measured = await Promise.all(
    PER_ACCOUNT.map((perAccount) => measureInThread({ clusters: CLUSTERS, perAccount })),
  );
  const waves = measured.flatMap(({ sleep, wake }) => [sleep, wake]);
  const slowest = waves.reduce((worst, wave) => (wave.ratio > worst.ratio ? wave : worst));
  return {
    ratio: slowest.ratio,
    convergeMs: slowest.convergeMs,
    floorMs: slowest.floorMs,
    throttles: waves.reduce((sum, { throttles }) => sum + throttles, 0),
    unreached: waves.reduce((sum, { reached }) => sum + CLUSTERS - reached, 0),
    byPerAccount: Object.fromEntries(measured.map((each) => [`${each.size.perAccount}`, each])),
    model: { aws: AWS, hub: HUB, cluster: CLUSTER, declared: DECLARED },
  };
}

async function measureInThread(size: FleetMeasurement["size"]): Promise<FleetMeasurement> {
  const thread = new Worker(new URL("./fleet/measure.js", import.meta.url), {
    workerData: size,
    resourceLimits: { maxOldGenerationSizeMb: 6_000 },
  });
  const [measurement] = (await once(thread, "message")) as [FleetMeasurement];
  return measurement;
}

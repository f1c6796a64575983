import type { WorkEnd } from "../../../runtime/fleet/worker/index.js";
import type { WorkItem } from "../../../runtime/ports/index.js";
import type { DesiredState } from "../../../runtime/schedule/index.js";
import { createAwsModel, type AwsCounts } from "./aws-model.js";
import { costOf, type Use } from "./cost.js";
import { countCalls } from "./count-calls.js";
import { buildWorld, DAY, identitiesOf, registerAll, type FleetSize } from "./fleet.js";
import { floorOf, type Floor } from "./floor.js";
import { createHub } from "./hub.js";
import { CLUSTER } from "./quotas.js";
import { seededRandom } from "./quiet-ports.js";
import { createMemoryStore } from "../../../runtime/adapters/memory/state-store.js";
import { createVirtualClock } from "./virtual-clock.js";

/** What became of one wave. */
export interface WaveFigures {
  /** From the tick that begins it until the last cluster is where it should be. */
  readonly convergeMs: number;
  readonly floorMs: number;
  readonly ratio: number;
  readonly floor: Floor;
  /** Clusters that got there, of all. */
  readonly reached: number;
  /** How long after the window's edge the last one got there; below 0: before it. */
  readonly afterEdgeMs: number;
  readonly throttles: number;
  readonly calls: AwsCounts["calls"];
  readonly use: Use;
  readonly dollars: number;
}

/** A fleet's day: first looks (the warm-up), a sleep, a wake. */
export interface HubFigures {
  readonly size: FleetSize;
  readonly warmUpThrottles: number;
  readonly sleep: WaveFigures;
  readonly wake: WaveFigures;
  readonly environments: number;
  readonly mostInvocationsAtOnce: number;
  readonly mostWritesPerSecond: number;
  readonly tookMs: number;
}

const MINUTE_MS = 60_000;
const READS = /^(read|list)/;
const LONGEST_WAVE_MS = 60 * MINUTE_MS;

interface Arrival {
  readonly claimedAt: number;
  readonly at: number;
}

/** Runs a fleet's day on virtual time and measures it; `tell` hears of each wave. */
export async function measureHub(size: FleetSize, tell: (line: string) => void = () => undefined): Promise<HubFigures> {
  const startedAt = performance.now();
  const clock = createVirtualClock(DAY.startAt);
  const identities = identitiesOf(size);
  const world = buildWorld(identities, clock);
  const plain = createMemoryStore();
  const parseDeclaration = await registerAll(identities, plain, clock.now());
  const aws = createAwsModel({ clock, random: seededRandom(42) });
  const meter = meterStore(() => clock.now());
  // A year of reports would fill the memory; what is written is counted all the same.
  const store = countCalls({ ...plain, addReport: () => Promise.resolve() }, meter.onCall);
  const arrivals: Record<DesiredState, Map<string, Arrival>> = { hibernated: new Map(), running: new Map() };
  const onEnd = ({ clusterId: id, claimedAt }: WorkItem, end: WorkEnd): void => {
    if (!("report" in end) || end.report.result !== "completed") return;
    arrivals[end.report.desired].set(id, { claimedAt, at: clock.now() });
  };
  const hub = createHub({ clock, world, aws, store, parseDeclaration, onEnd });

  const used = (): Use & Pick<AwsCounts, "calls" | "throttles"> => ({
    lambdaSeconds: hub.use().seconds,
    invocations: hub.use().invocations,
    queueCalls: hub.use().queueCalls + Math.ceil(hub.sent() / 10),
    ...meter.counts(),
    calls: { ...aws.counts.calls },
    throttles: { ...aws.counts.throttles },
  });

  async function wave(desired: DesiredState, edgeAt: number, fromAt: number): Promise<WaveFigures> {
    await clock.sleep(Math.max(0, fromAt - clock.now()));
    const before = used();
    const reached = arrivals[desired];
    while (reached.size < size.clusters && clock.now() < edgeAt + LONGEST_WAVE_MS) await clock.sleep(1_000);
    const all = [...reached.values()];
    const endAt = Math.max(...all.map(({ at }) => at));
    const convergeMs = endAt - Math.min(...all.map(({ claimedAt }) => claimedAt));
    // What follows in the last minute of the wave belongs to it: settling, deleting messages, ending invocations.
    await clock.sleep(MINUTE_MS);
    const floor = floorOf(desired === "hibernated" ? "sleep" : "wake", size.clusters, size.perAccount);
    const nodes = desired === "hibernated" ? 0 : CLUSTER.groups * CLUSTER.nodesPerGroup;
    const use = difference(before, used());
    const figures: WaveFigures = {
      convergeMs,
      floorMs: floor.floorMs,
      ratio: Math.round((convergeMs / floor.floorMs) * 1000) / 1000,
      floor,
      reached: await countWith(nodes),
      afterEdgeMs: endAt - edgeAt,
      throttles: total(use.throttles),
      calls: use.calls,
      use: use.use,
      dollars: costOf(use.use),
    };
    tell(`${desired}: ${figures.reached} of ${size.clusters} in ${convergeMs / 1000} s, ratio ${figures.ratio}`);
    return figures;
  }

  /** Clusters whose twin really has so many nodes. */
  async function countWith(nodes: number): Promise<number> {
    const counts = await Promise.all(
      identities.map(async (identity) => (await world.cluster(identity).kubernetes.listNodes()).length),
    );
    return counts.filter((count) => count === nodes).length;
  }

  const stop = new AbortController();
  const running = hub.run(stop.signal);
  await clock.sleep(DAY.sleepAt - MINUTE_MS - clock.now());
  const warmUpThrottles = total(aws.counts.throttles);
  const sleep = await wave("hibernated", DAY.sleepAt, DAY.sleepAt - MINUTE_MS);
  const wake = await wave("running", DAY.wakeAt, clock.now());
  stop.abort();
  await running;
  const { environments, mostAtOnce } = hub.use();
  return {
    size,
    warmUpThrottles,
    sleep,
    wake,
    environments,
    mostInvocationsAtOnce: mostAtOnce,
    mostWritesPerSecond: meter.mostWritesPerSecond(),
    tookMs: Math.round(performance.now() - startedAt),
  };
}

function meterStore(now: () => number) {
  const counts = { reads: 0, writes: 0 };
  let second = 0;
  let inSecond = 0;
  let most = 0;
  return {
    counts: () => ({ ...counts }),
    mostWritesPerSecond: () => most,
    onCall: (name: string): void => {
      if (READS.test(name)) {
        counts.reads += 1;
        return;
      }
      counts.writes += 1;
      const current = Math.floor(now() / 1000);
      inSecond = current === second ? inSecond + 1 : 1;
      second = current;
      most = Math.max(most, inSecond);
    },
  };
}

type Snapshot = Use & Pick<AwsCounts, "calls" | "throttles">;

function difference(before: Snapshot, after: Snapshot) {
  const less = <Key extends string>(one: Record<Key, number>, other: Record<Key, number>) =>
    Object.fromEntries(Object.entries<number>(other).map(([key, count]) => [key, count - one[key as Key]])) as Record<
      Key,
      number
    >;
  const { calls, throttles, ...use } = after;
  const { calls: callsBefore, throttles: throttlesBefore, ...useBefore } = before;
  return { use: less(useBefore, use), calls: less(callsBefore, calls), throttles: less(throttlesBefore, throttles) };
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

import pLimit from "p-limit";

import { failureInfo, type FailureInfo, type FleetStore, type Span, type Telemetry } from "../../ports/index.js";
import { handOut, type HandedOut, type HandOutPorts } from "./hand-out.js";
import { DEFAULT_LAUNCH_QUOTA } from "./lead.js";
import { listAllDue } from "./list-all-due.js";
import { planWave, type PlannedWave, type WaveOptions } from "./plan-wave.js";
import { DEFAULT_RHYTHM } from "./rhythm.js";
import { groupWaves } from "./wave.js";

/** What a planner needs from outside. */
export interface PlannerPorts extends HandOutPorts {
  readonly fleet: Pick<FleetStore, "shards" | "listDue" | "claim">;
  readonly telemetry: Telemetry;
}

/** Which part of the fleet, and when. Planner `partition` of `partitions` looks after the shards s with s % partitions = partition. */
export interface TickRequest {
  readonly partition: number;
  readonly partitions: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** The planner's settings for which nothing was said. */
export const DEFAULT_WAVE_OPTIONS: WaveOptions = Object.freeze({
  rhythm: DEFAULT_RHYTHM,
  assumed: { groups: 4, nodes: 20 },
  groupsPerSecond: 5,
  bootSeconds: 150,
  quota: DEFAULT_LAUNCH_QUOTA,
});

/** Counts of clusters. */
export interface TickCounts {
  /** Seen to be due. */
  readonly due: number;
  readonly claimed: number;
  /** Claimed by somebody else first. */
  readonly lost: number;
  readonly sent: number;
  /** Claimed, but the queue did not take the message: due again soon. */
  readonly unsent: number;
  /** Not claimed because the queue was down: still due. */
  readonly left: number;
  /** Put off to the instant at which they should begin: wakes to their lead, the end of a very large wave. */
  readonly prepared: number;
  /** Told to have missed their target. */
  readonly missed: number;
}

/** One account and Region in a tick. */
export interface WaveReport extends TickCounts, Pick<PlannedWave, "account" | "region" | "spreadMs" | "leadMs"> {}

/** What a tick did. */
export interface TickReport extends TickCounts {
  readonly waves: readonly WaveReport[];
  /** Shards that could not be read, or of which a cluster could not be written to: it stays due, the others went on. */
  readonly failures: readonly { readonly shard: number; readonly failure: FailureInfo }[];
}

const SHARDS_AT_ONCE = 8;

/**
 * Hands out what is due in the planner's part of the fleet: level-based, so a lost, late or doubled tick does no harm. A doubled
 * one loses every claim and sends nothing; with nothing due it writes nothing. Costs what is due. Never throws for a shard that
 * fails: it is in the report.
 */
export function tick(
  { partition, partitions, now }: TickRequest,
  ports: PlannerPorts,
  options: WaveOptions = DEFAULT_WAVE_OPTIONS,
): Promise<TickReport> {
  const attributes = { "curfew.partition": partition };
  return ports.telemetry.span("curfew.tick", { attributes }, async (span) => {
    const shards = Array.from({ length: ports.fleet.shards }, (_, shard) => shard);
    const own = shards.filter((shard) => shard % partitions === partition);
    const ended = await pLimit(SHARDS_AT_ONCE).map(own, (shard) => tryShard(shard, { now, span, ports, options }));
    const waves = ended.flatMap((end) => end.waves);
    const report = { ...sum(waves), waves, failures: ended.flatMap(({ failures }) => failures) };
    const { due, claimed, lost, sent, unsent } = report;
    span.set({ "curfew.due": due, "curfew.claimed": claimed, "curfew.lost": lost, "curfew.sent": sent });
    if (unsent > 0) span.event("curfew.unsent", { "curfew.unsent": unsent });
    return report;
  });
}

type ShardEnd = Pick<TickReport, "waves" | "failures">;

/** A tick under way. */
interface Ticking {
  readonly now: number;
  readonly span: Span;
  readonly ports: PlannerPorts;
  readonly options: WaveOptions;
}

async function tryShard(shard: number, { now, span, ports, options }: Ticking): Promise<ShardEnd> {
  const waves: WaveReport[] = [];
  const errors: unknown[] = [];
  const due = await listAllDue(shard, now, ports.fleet).catch((error: unknown) => {
    errors.push(error);
    return [];
  });
  for (const wave of groupWaves(due)) {
    try {
      const planned = planWave(wave, now, options);
      const handedOut = await handOut(planned.takes, now, span, ports);
      waves.push(conclude(planned, handedOut, ports));
    } catch (error) {
      // One account's cluster that cannot be written to is no reason to leave the others of the shard.
      errors.push(error);
    }
  }
  return { waves, failures: errors.slice(0, 1).map((error) => ({ shard, failure: failureInfo(error) })) };
}

/** How a wave went, told to the telemetry. */
function conclude(
  { account, region, takes, spreadMs, leadMs }: PlannedWave,
  { claimed, lost, sent, unsent, left }: HandedOut,
  { telemetry }: PlannerPorts,
): WaveReport {
  const attributes = { "cloud.account.id": account, "cloud.region": region };
  telemetry.count("curfew.planner.claimed", claimed.length, attributes);
  telemetry.count("curfew.planner.sent", sent, attributes);
  telemetry.record("curfew.planner.spread", spreadMs, attributes);
  const prepared = claimed.filter(({ delaySeconds }) => delaySeconds === null).length;
  const counts = {
    due: takes.length,
    claimed: claimed.length,
    lost,
    sent,
    unsent,
    left,
    prepared,
    missed: claimed.filter(({ hasMissed }) => hasMissed).length,
  };
  return { account, region, ...counts, spreadMs, leadMs };
}

function sum(waves: readonly TickCounts[]): TickCounts {
  const total = (key: keyof TickCounts): number => waves.reduce((before, wave) => before + wave[key], 0);
  return {
    due: total("due"),
    claimed: total("claimed"),
    lost: total("lost"),
    sent: total("sent"),
    unsent: total("unsent"),
    left: total("left"),
    prepared: total("prepared"),
    missed: total("missed"),
  };
}

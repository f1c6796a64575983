import * as z from "zod";

import { tellDailySummary, type SummaryPorts } from "../fleet/daily-summary.js";
import { tick, type PlannerPorts, type TickReport, type WaveOptions } from "../fleet/planner/index.js";
import type { Clock } from "../ports/index.js";
import { gaugeFleet, type GaugePorts } from "./gauge-fleet.js";
import { once } from "./once.js";
import type { WriteLog } from "./write-log.js";

/** A planner, put together. */
export interface Planner {
  readonly ports: PlannerPorts & GaugePorts & SummaryPorts & { readonly clock: Clock };
  readonly options: WaveOptions;
  readonly partitions: number;
  /** From which hour of the day (UTC) the daily summary is told; undefined: it is not. */
  readonly summaryHour?: number | undefined;
  readonly log: WriteLog;
}

/** What Scheduler sends. */
const eventSchema = z.object({ partition: z.int().min(0) });

/**
 * A tick of one partition for each event. Rejects when a shard or the queue could not be used, after all others were: the
 * function's errors are what the heartbeat alarm counts, and the tick that is sent again does no harm.
 */
export function createPlannerHandler(compose: () => Promise<Planner>): (event: unknown) => Promise<void> {
  const planner = once(compose);
  return async (event) => {
    const { ports, options, partitions, summaryHour, log } = await planner();
    const { partition } = eventSchema.parse(event);
    const now = ports.clock.now();
    try {
      const report = await tick({ partition, partitions, now }, ports, options);
      tell(report, partition, log);
      if (partition === 0) {
        await gaugeFleet(now, options.rhythm, ports);
        if (summaryHour !== undefined) await tellDailySummary(now, summaryHour, ports);
      }
      refuseFailures(report);
    } finally {
      await ports.telemetry.flush();
    }
  };
}

/** A tick with nothing due is one of 43,200 a month, and its duration is in the function's own log line. */
function tell({ waves, failures, ...counts }: TickReport, partition: number, log: WriteLog): void {
  if (counts.due > 0) {
    log("info", `${counts.due} due in ${waves.length} accounts and Regions, ${counts.sent} sent.`, {
      data: { partition, ...counts },
    });
  }
  for (const { shard, failure } of failures) log("error", failure.message, { data: { partition, shard, ...failure } });
}

function refuseFailures({ failures, left }: TickReport): void {
  const [first] = failures;
  if (first !== undefined) throw new Error(`${failures.length} shards failed; first: ${first.failure.message}`);
  if (left > 0) throw new Error(`the queue failed: ${left} clusters are left to the next tick`);
}

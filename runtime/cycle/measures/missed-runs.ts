import { CronExpressionParser } from "cron-parser";
import * as z from "zod";

import type { ApiObject } from "../../ports/index.js";

/** Runs of a CronJob that fell due while it was suspended. */
export interface MissedRuns {
  /** Null when the schedule cannot be read here: assume some. Counted up to `MANY` + 1. */
  readonly count: number | null;
}

/** Above this Kubernetes itself warns of a CronJob that is far behind (safe-cycle W21). */
export const MANY = 100;

const cronJobSchema = z.object({
  metadata: z.object({ creationTimestamp: z.string() }),
  spec: z.object({
    schedule: z.string(),
    timeZone: z.string().nullish(),
    startingDeadlineSeconds: z.number().nullish(),
  }),
  status: z.object({ lastScheduleTime: z.string().nullish() }).prefault({}),
});

/**
 * What the CronJob controller will find due at `now`, as it counts: since the last run or the creation, but no further
 * back than `startingDeadlineSeconds`. With at least one, it starts the latest at once (safe-cycle W21).
 */
export function missedRuns(cronJob: ApiObject, now: number): MissedRuns {
  const parsed = cronJobSchema.safeParse(cronJob);
  if (!parsed.success) return { count: null };
  const { metadata, spec, status } = parsed.data;
  const lastAt = Date.parse(status.lastScheduleTime ?? metadata.creationTimestamp);
  const deadlineMs = spec.startingDeadlineSeconds == null ? Infinity : spec.startingDeadlineSeconds * 1000;
  return { count: countRuns(spec.schedule, spec.timeZone ?? "UTC", Math.max(lastAt, now - deadlineMs), now) };
}

function countRuns(schedule: string, timeZone: string, afterAt: number, untilAt: number): number | null {
  try {
    const runs = CronExpressionParser.parse(schedule, { currentDate: afterAt, tz: timeZone });
    let count = 0;
    while (count <= MANY && runs.next().getTime() <= untilAt) count += 1;
    return count;
  } catch {
    // Kubernetes knows forms that the parser does not, e.g. "@every 5m".
    return null;
  }
}

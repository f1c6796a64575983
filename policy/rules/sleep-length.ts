import * as z from "zod";

import { CLUSTER_SCHEDULE, declaredCluster } from "../cluster-schedule.js";
import { minutesText } from "../durations.js";
import { resourceRule } from "../rule.js";
import { perSchedule, shortestSleepMs } from "../sleeps.js";
import type { World } from "../world.js";

const minutes = (fallback: number, meaning: string) =>
  z.number().int().min(0).max(1440).default(fallback).describe(meaning);

/**
 * The shortest sleep of the next four weeks must hold the whole drain, a sleep that is worth it, and the lead of the wake:
 * the hub begins a wake ahead of its window, by `horizonSeconds` at most.
 */
export const sleepLength = ({ nowMs }: World) => {
  const shortest = perSchedule((schedule) => shortestSleepMs(schedule, nowMs()));
  return resourceRule({
    name: "sleep-length",
    says: "A sleep leaves time for the whole drain, for some sleep, and for the wake ahead of the next window.",
    whatToDo: "Join windows that lie close together, or lower drain.timeoutSeconds.",
    config: z.strictObject({
      minutesAsleep: minutes(60, "Least time between the end of the drain and the beginning of the wake."),
      wakeLeadMinutes: minutes(30, "How long ahead of a window a wake may begin; the hub's horizonSeconds."),
    }),
    types: [CLUSTER_SCHEDULE],
    check({ props }, { minutesAsleep, wakeLeadMinutes }) {
      const cluster = declaredCluster(props);
      const sleepMs = cluster?.schedule ? shortest(cluster.schedule) : undefined;
      if (cluster === undefined || sleepMs === undefined) return [];
      const drainMs = cluster.settings.drain.timeoutSeconds * 1_000;
      const neededMs = drainMs + (minutesAsleep + wakeLeadMinutes) * 60_000;
      if (sleepMs >= neededMs) return [];
      return [
        `The shortest sleep of ${cluster.id} is ${minutesText(sleepMs)}, and it needs ${minutesText(neededMs)}: ` +
          `${minutesText(drainMs)} for the drain, ${minutesAsleep} min asleep, ${wakeLeadMinutes} min for the wake`,
      ];
    },
  });
};

import * as z from "zod";

import { sleepShare } from "../../runtime/schedule/sleep-share.js";
import { CLUSTER_SCHEDULE, declaredCluster, type DeclaredCluster } from "../cluster-schedule.js";
import { resourceRule } from "../rule.js";
import { LOOK_AHEAD_MS, perSchedule } from "../sleeps.js";
import type { World } from "../world.js";

const HOUR_MS = 3_600_000;

/**
 * A sleep costs its drain and its boot, in which nodes run and nobody works. A schedule that saves less than `leastPercent`
 * of the hours, or less than its sleeps cost, is not worth its trouble.
 */
export const worthIt = ({ nowMs }: World) => {
  const share = perSchedule((schedule) => sleepShare(schedule, { fromAt: nowMs(), toAt: nowMs() + LOOK_AHEAD_MS }));
  return resourceRule({
    name: "worth-it",
    says: "A schedule saves more than it costs.",
    whatToDo: "Let it sleep longer at a time, or take it out.",
    config: z.strictObject({
      minutesPerSleep: z
        .number()
        .min(0)
        .max(1440)
        .default(30)
        .describe("Time in which nodes run for nobody at each sleep: the drain, and the boot of the wake."),
      leastPercent: z.number().min(0).max(100).default(5).describe("Share of the hours that must be saved."),
    }),
    types: [CLUSTER_SCHEDULE],
    check({ props }, { minutesPerSleep, leastPercent }) {
      const cluster = declaredCluster(props);
      if (!cluster?.schedule || cluster.schedule.input.awake === "always") return [];
      const { sleepingMs, sleeps } = share(cluster.schedule);
      const [sleptHours, lostHours] = [sleepingMs / HOUR_MS, (sleeps * minutesPerSleep) / 60];
      const savedHours = sleptHours - lostHours;
      if (savedHours > 0 && savedHours * HOUR_MS * 100 >= leastPercent * LOOK_AHEAD_MS) return [];
      return [
        `The schedule of ${cluster.id} saves ${amount(savedHours, cluster)} in four weeks: ` +
          `${amount(sleptHours, cluster)} asleep, less ${amount(lostHours, cluster)} in which ${sleeps} sleeps drain and boot`,
      ];
    },
  });
};

/** Money where it is known what an hour costs, hours elsewhere. */
const amount = (hours: number, { costPerHour }: DeclaredCluster): string =>
  costPerHour === undefined ? `${hours.toFixed(1)} h` : `${(hours * costPerHour).toFixed(2)} USD`;

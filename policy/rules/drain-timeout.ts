import * as z from "zod";

import { CLUSTER_SCHEDULE, declaredCluster } from "../cluster-schedule.js";
import { resourceRule } from "../rule.js";

const bound = (fallback: number) => z.number().int().min(1).max(86_400).default(fallback);

/** Too short, and every night ends in the drain's policy; too long, and there is no night left. */
export const drainTimeout = () =>
  resourceRule({
    name: "drain-timeout",
    says: "A drain has time enough, and an end.",
    whatToDo: "Set drain.timeoutSeconds between the bounds of the policy's config.",
    config: z.strictObject({ leastSeconds: bound(300), mostSeconds: bound(7_200) }),
    types: [CLUSTER_SCHEDULE],
    check({ props }, { leastSeconds, mostSeconds }) {
      const cluster = declaredCluster(props);
      if (cluster === undefined) return [];
      const { timeoutSeconds } = cluster.settings.drain;
      if (timeoutSeconds >= leastSeconds && timeoutSeconds <= mostSeconds) return [];
      return [
        `drain.timeoutSeconds of ${cluster.id} is ${timeoutSeconds}, and must be from ${leastSeconds} to ${mostSeconds}`,
      ];
    },
  });

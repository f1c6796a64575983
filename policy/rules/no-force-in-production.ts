import * as z from "zod";

import { CLUSTER_SCHEDULE, declaredCluster } from "../cluster-schedule.js";
import { productionFields, whyProduction } from "../production.js";
import { resourceRule } from "../rule.js";

/** `force-at-deadline` deletes pods past their disruption budgets. */
export const noForceInProduction = () =>
  resourceRule({
    name: "no-force-in-production",
    says: "No disruption budget is broken in production.",
    whatToDo: "Use drain.policy wait or scale-owners.",
    config: z.strictObject(productionFields),
    types: [CLUSTER_SCHEDULE],
    check({ props }, config) {
      const cluster = declaredCluster(props);
      if (cluster?.settings.drain.policy !== "force-at-deadline") return [];
      const why = whyProduction(cluster, config);
      return why === undefined
        ? []
        : [`${cluster.id} is production (${why}), and its drain.policy is force-at-deadline`];
    },
  });

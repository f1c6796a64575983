import * as z from "zod";

import { CLUSTER_SCHEDULE, declaredCluster } from "../cluster-schedule.js";
import { resourceRule } from "../rule.js";

/** Whom to ask when a cluster does not wake. */
export const owner = () =>
  resourceRule({
    name: "owner",
    says: "Every cluster says whose it is.",
    whatToDo: "Give its entry, its profile or curfew:defaults such a tag.",
    config: z.strictObject({
      keys: z.array(z.string().min(1)).min(1).default(["owner", "team"]).describe("Tags of which one must be there."),
    }),
    types: [CLUSTER_SCHEDULE],
    check({ props }, { keys }) {
      const cluster = declaredCluster(props);
      if (cluster === undefined || keys.some((key) => cluster.tags[key]?.trim())) return [];
      return [`${cluster.id} has no tag ${keys.join(" or ")}`];
    },
  });

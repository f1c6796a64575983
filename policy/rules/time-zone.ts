import * as z from "zod";

import { matchesGlob } from "../../runtime/config/glob.js";
import { CLUSTER_SCHEDULE, declaredCluster } from "../cluster-schedule.js";
import { resourceRule } from "../rule.js";

/** Windows without a zone mean something else on every computer. Which zones are usual differs, so that is config. */
export const timeZone = () =>
  resourceRule({
    name: "time-zone",
    says: "Every schedule says in which time zone its windows are meant.",
    whatToDo: "Set the schedule's timezone to an IANA zone that the policy's config allows.",
    config: z.strictObject({
      zones: z.array(z.string().min(1)).default(["*"]).describe("Zones that may be used; * and ? are wildcards."),
    }),
    types: [CLUSTER_SCHEDULE],
    check({ props }, { zones }) {
      const cluster = declaredCluster(props);
      if (!cluster?.schedule) return [];
      const { name, timezone } = cluster.schedule;
      // A holiday or an exception counts by the zone as well, so a cluster that is always awake needs one too.
      if (zones.some((zone) => matchesGlob(zone, timezone))) return [];
      return [`The schedule ${name} of ${cluster.id} is in ${timezone}, and only ${zones.join(", ")} may be used`];
    },
  });

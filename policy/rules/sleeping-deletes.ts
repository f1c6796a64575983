import * as z from "zod";

import { CLUSTER_SCHEDULE } from "../cluster-schedule.js";
import { departedClusters } from "../departed.js";
import type { PreviousCluster } from "../previous-state.js";
import { stackRule } from "../rule.js";
import { stateField } from "../state-config.js";
import type { World } from "../world.js";

/** A cluster whose schedule goes while it sleeps is woken by nobody any more (design §3.6). */
export const sleepingDeletes = ({ previousState, nowMs }: World) =>
  stackRule({
    name: "sleeping-deletes",
    says: "No schedule is deleted that leaves its cluster asleep for good.",
    whatToDo: "Deploy it with onDelete: wake first, or wake the cluster with curfew wake and run pulumi refresh.",
    config: z.strictObject(stateField),
    async check(resources, { unreadableState }) {
      const previous = await previousState();
      if (!previous.ok)
        return unreadableState === "allow"
          ? []
          : [{ problem: `What sleeps cannot be told, for the stack's state cannot be read: ${previous.problem}` }];
      const schedules = resources.filter(({ type }) => type === CLUSTER_SCHEDULE);
      return departedClusters(previous.clusters, schedules)
        .filter(({ onDelete }) => onDelete === "leave")
        .filter((cluster) => !isAwake(cluster, nowMs()))
        .map(({ id, state }) => ({ problem: `${id} goes with onDelete: leave, and was last seen ${seen(state)}` }));
    },
  });

/** What was seen before the calendar's last change of mind says nothing any more. */
const isAwake = ({ state, nextTransitionAt }: PreviousCluster, atMs: number): boolean =>
  state === "running" && (nextTransitionAt === null || atMs < nextTransitionAt);

const seen = (state: string): string => (state === "running" ? "running, before its calendar changed" : state);

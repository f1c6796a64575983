import { DescribeInstanceRefreshesCommand } from "@aws-sdk/client-auto-scaling";
import pLimit from "p-limit";
import type { InstanceRefresh, NodeGroup, Prospects } from "../../ports/index.js";
import type { AskAws } from "./ask-aws.js";
import { isGroupGone, readAwsFault } from "./aws-fault.js";
import type { AwsClients } from "./clients.js";

const PARALLEL_READS = 5;
/** A group has one refresh at a time, and it is among the newest. */
const NEWEST = 5;
const OVER: ReadonlySet<string> = new Set([
  "Successful",
  "Failed",
  "Cancelled",
  "RollbackFailed",
  "RollbackSuccessful",
]);

/** Reads whether Auto Scaling is replacing the instances of groups (safe-cycle H6). It takes one group a call. */
export function createInstanceRefreshes({ autoScaling }: AwsClients, ask: AskAws): Prospects["instanceRefreshes"] {
  function refreshOf({ id, autoScalingGroup }: NodeGroup): Promise<readonly InstanceRefresh[]> {
    return ask("autoscaling:DescribeInstanceRefreshes", async () => {
      const input = { AutoScalingGroupName: autoScalingGroup, MaxRecords: NEWEST };
      try {
        const { InstanceRefreshes = [] } = await autoScaling.send(new DescribeInstanceRefreshesCommand(input));
        const underWay = InstanceRefreshes.map(({ Status = "" }) => Status).find((status) => !OVER.has(status));
        return underWay === undefined ? [] : [{ groupId: id, status: underWay }];
      } catch (error) {
        if (isGroupGone(readAwsFault(error))) return [];
        throw error;
      }
    });
  }

  return async (groups) => {
    const limit = pLimit(PARALLEL_READS);
    const made = groups.filter(({ autoScalingGroup }) => autoScalingGroup !== "");
    return (await Promise.all(made.map((group) => limit(refreshOf, group)))).flat();
  };
}

import { type Activity, DescribeScalingActivitiesCommand } from "@aws-sdk/client-auto-scaling";
import type { Capacity, ScalingActivity } from "../../ports/index.js";
import type { AskAws } from "./ask-aws.js";
import { isGroupGone, readAwsFault } from "./aws-fault.js";
import type { AwsClients } from "./clients.js";

const NEWEST = 20;

/** Reads what Auto Scaling did with a group of either kind: for EKS's groups, too, it is the one that knows who asked. */
export function createScalingActivities({ autoScaling }: AwsClients, ask: AskAws): Capacity["scalingActivities"] {
  return ({ autoScalingGroup }) =>
    ask("autoscaling:DescribeScalingActivities", async () => {
      const input = { AutoScalingGroupName: autoScalingGroup, MaxRecords: NEWEST };
      try {
        const { Activities = [] } = await autoScaling.send(new DescribeScalingActivitiesCommand(input));
        return Activities.map(readActivity);
      } catch (error) {
        if (isGroupGone(readAwsFault(error))) return [];
        throw error;
      }
    });
}

function readActivity({ StartTime, StatusCode, Cause = "", StatusMessage = "" }: Activity): ScalingActivity {
  const state = StatusCode === "Successful" ? "successful" : FAILED.has(StatusCode ?? "") ? "failed" : "under-way";
  return { at: StartTime?.getTime() ?? 0, state, cause: Cause, message: state === "failed" ? StatusMessage : "" };
}

const FAILED: ReadonlySet<string> = new Set(["Failed", "Cancelled"]);

import {
  DescribeExecutionCommand,
  SFNClient,
  StartExecutionCommand,
  type DescribeExecutionOutput,
} from "@aws-sdk/client-sfn";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";

import type { CampaignRun, Campaigns } from "../../ports/index.js";
import { translateFault } from "./failures.js";

/** Campaigns as executions of a Region's state machines, with the ambient credentials. Makes no call by itself. */
export function openSfnCampaigns(region: string): Campaigns & { readonly close: () => void } {
  const sfn = new SFNClient({ region });
  const sts = new STSClient({ region });
  const attempt = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw translateFault(what, error);
    }
  };
  return {
    start: (machine, order) =>
      attempt(machine, async () => {
        const stateMachineArn = machine.startsWith("arn:") ? machine : await arnOf(machine, region, sts);
        const { executionArn = "" } = await sfn.send(
          new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(order) }),
        );
        return executionArn;
      }),
    read: (id) => attempt(id, async () => runOf(await sfn.send(new DescribeExecutionCommand({ executionArn: id })))),
    close: () => {
      sfn.destroy();
      sts.destroy();
    },
  };
}

/** Step Functions takes ARNs alone, which carry the account and its partition. */
async function arnOf(name: string, region: string, sts: STSClient): Promise<string> {
  const { Account = "", Arn = "" } = await sts.send(new GetCallerIdentityCommand({}));
  const [, partition = "aws"] = Arn.split(":");
  return `arn:${partition}:states:${region}:${Account}:stateMachine:${name}`;
}

function runOf({ status, input, stopDate, error, cause }: DescribeExecutionOutput): CampaignRun {
  const words = [error, cause].filter((word) => word !== undefined && word !== "").join(": ");
  return {
    status: statusOf(status),
    order: input === undefined ? null : JSON.parse(input),
    endedAt: stopDate?.getTime() ?? null,
    cause: words === "" ? null : words,
  };
}

/** One that waits for its redrive to begin is under way. */
function statusOf(status: DescribeExecutionOutput["status"]): CampaignRun["status"] {
  switch (status) {
    case "SUCCEEDED":
      return "succeeded";
    case "FAILED":
    case "TIMED_OUT":
      return "failed";
    case "ABORTED":
      return "stopped";
    default:
      return "running";
  }
}

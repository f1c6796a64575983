import { UpdateAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import { DescribeUpdateCommand, UpdateNodegroupConfigCommand } from "@aws-sdk/client-eks";
import {
  Failure,
  type Capacity,
  type GroupSize,
  type NodeGroup,
  type ResizeAnswer,
  type ResizeStatus,
} from "../../ports/index.js";
import type { AskAws } from "./ask-aws.js";
import { isBusy, isGroupGone, readAwsFault } from "./aws-fault.js";
import type { AwsClients } from "./clients.js";
import { judgeUpdate } from "./judge-update.js";

/** The writing half of the Capacity port. */
export function createResize(
  clusterName: string,
  { eks, autoScaling }: AwsClients,
  ask: AskAws,
): Pick<Capacity, "resize" | "resizeStatus"> {
  /** What has ended well stays so, and a wake of many minutes need not ask again at every look. */
  const successful = new Set<string>();

  /** All three sizes at once: EKS judges them together, and the token makes a repeated request the same one (safe-cycle H28). */
  async function resizeManaged(
    nodegroupName: string,
    { min, desired, max }: GroupSize,
    token: string,
  ): Promise<string | null> {
    const { update } = await eks.send(
      new UpdateNodegroupConfigCommand({
        clusterName,
        nodegroupName,
        scalingConfig: { minSize: min, desiredSize: desired, maxSize: max },
        clientRequestToken: token,
      }),
    );
    return update?.id ?? null;
  }

  async function resizeSelfManaged(name: string, { min, desired, max }: GroupSize): Promise<null> {
    await autoScaling.send(
      new UpdateAutoScalingGroupCommand({
        AutoScalingGroupName: name,
        MinSize: min,
        DesiredCapacity: desired,
        MaxSize: max,
      }),
    );
    return null;
  }

  function resize(group: NodeGroup, size: GroupSize, token: string): Promise<ResizeAnswer> {
    // An EKS-managed group is resized through EKS alone: its Auto Scaling group would drift from it (safe-cycle H30).
    return group.kind === "managed"
      ? ask("eks:UpdateNodegroupConfig", () => judged(group, resizeManaged(group.name, size, token)))
      : ask("autoscaling:UpdateAutoScalingGroup", () => judged(group, resizeSelfManaged(group.name, size)));
  }

  async function resizeStatus(group: NodeGroup, updateId: string): Promise<ResizeStatus> {
    if (group.kind === "self-managed" || successful.has(updateId)) return { kind: "successful" };
    const status = await askStatus(group, updateId);
    if (status.kind === "successful") successful.add(updateId);
    return status;
  }

  function askStatus(group: NodeGroup, updateId: string): Promise<ResizeStatus> {
    const request = new DescribeUpdateCommand({ name: clusterName, nodegroupName: group.name, updateId });
    return ask("eks:DescribeUpdate", async () => {
      try {
        return judgeUpdate((await eks.send(request)).update ?? {});
      } catch (error) {
        const fault = readAwsFault(error);
        if (isGroupGone(fault)) return { kind: "failed", message: fault.message };
        throw error;
      }
    });
  }

  return { resize, resizeStatus };
}

/** Answers that are part of the port's contract; the rest is thrown on. */
async function judged(group: NodeGroup, request: Promise<string | null>): Promise<ResizeAnswer> {
  try {
    return { kind: "accepted", updateId: await request };
  } catch (error) {
    const fault = readAwsFault(error);
    if (isBusy(fault)) return { kind: "busy", message: fault.message };
    if (isGroupGone(fault)) return { kind: "group-gone" };
    if (/^(InvalidParameterException|ValidationError)$/.test(fault.name))
      throw refusedSize(group, fault.message, error);
    throw error;
  }
}

function refusedSize(group: NodeGroup, message: string, cause: unknown): Failure {
  return new Failure(
    {
      code: "resize-failed",
      message: `AWS refuses the new size of ${group.id}: ${message}`,
      remedy: "Correct the group's sizes in AWS, or its saved ones with --min-nodes, and run again.",
    },
    { cause },
  );
}

import { ResumeProcessesCommand, SuspendProcessesCommand } from "@aws-sdk/client-auto-scaling";
import type { Capacity } from "../../ports/index.js";
import type { AskAws } from "./ask-aws.js";
import { isGroupGone, readAwsFault } from "./aws-fault.js";
import type { AwsClients } from "./clients.js";

/** Suspends and resumes processes of Auto Scaling groups. EKS's own are refused: they are EKS's to run (safe-cycle H31). */
export function createScalingProcesses({ autoScaling }: AwsClients, ask: AskAws): Capacity["setScalingProcesses"] {
  return (group, processes, change) => {
    if (group.kind === "managed") throw new RangeError(`${group.id} is managed by EKS: its processes stay as they are`);
    const input = { AutoScalingGroupName: group.autoScalingGroup, ScalingProcesses: [...processes] };
    const [action, send] =
      change === "suspend"
        ? (["SuspendProcesses", () => autoScaling.send(new SuspendProcessesCommand(input))] as const)
        : (["ResumeProcesses", () => autoScaling.send(new ResumeProcessesCommand(input))] as const);
    return ask(`autoscaling:${action}`, async () => {
      // None named would mean all of them.
      if (processes.length === 0) return "changed";
      try {
        await send();
        return "changed";
      } catch (error) {
        if (isGroupGone(readAwsFault(error))) return "gone";
        throw error;
      }
    });
  };
}

import {
  DescribeAutoScalingGroupsCommand,
  ResumeProcessesCommand,
  SetInstanceProtectionCommand,
  SuspendProcessesCommand,
  UpdateAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import type { GroupAddress, GroupState } from "./emulator/control.js";
import type { Emulator } from "./emulator/emulator.js";
import { accountClients } from "./emulator/provision.js";
import type { ClusterSpec } from "./spec.js";

/** A health issue of a managed node group, such as `AsgInstanceLaunchFailures`. */
export interface HealthIssue {
  readonly code: string;
  readonly message: string;
  readonly resourceIds?: readonly string[];
}

/** What other people and AWS itself may do to one group while Curfew works. None of it is counted as a call. */
export interface GroupControls {
  /** Sizes and instances as Auto Scaling has them. */
  read(): Promise<GroupState>;
  /** Somebody changes the Auto Scaling group behind EKS's back. */
  resize(size: { readonly min: number; readonly desired: number; readonly max: number }): Promise<void>;
  /** Launches fail with `message` in the scaling activities, until `allowLaunches`. */
  refuseLaunches(message: string): Promise<void>;
  allowLaunches(): Promise<void>;
  /** Suspends scaling processes such as Launch and Terminate; none named means all. */
  suspendProcesses(...names: readonly string[]): Promise<void>;
  resumeProcesses(...names: readonly string[]): Promise<void>;
  /** The names of the processes that are suspended now. */
  suspendedProcesses(): Promise<readonly string[]>;
  /** Protects instances from scale-in, or takes the protection away. */
  protectInstances(instanceIds: readonly string[], isProtected: boolean): Promise<void>;
  /** A managed group: somebody else's update is in progress, so that others get ResourceInUseException. Gives its id. */
  beginForeignUpdate(): Promise<string>;
  endForeignUpdate(): Promise<void>;
  /** A managed group: DEGRADED with these issues, or ACTIVE again when there are none. */
  setHealth(issues: readonly HealthIssue[]): Promise<void>;
  /** An unhealthy instance is replaced: a new one comes, the oldest goes. */
  replaceInstance(): Promise<void>;
  /** One instance more than desired, as while zones are rebalanced. */
  launchExtraInstance(): Promise<void>;
}

/** Controls of the group `name` of a cluster. */
export function groupControls(emulator: Emulator, spec: ClusterSpec, name: string): GroupControls {
  const group = spec.groups.find((each) => each.name === name);
  if (!group) throw new Error(`cluster ${spec.name} has no group ${name}`);
  const place = { account: spec.account, region: spec.region };
  const address: GroupAddress =
    group.kind === "managed" ? { ...place, cluster: spec.name, nodegroup: name } : { ...place, group: name };
  const nodegroup = { ...place, cluster: spec.name, nodegroup: name };
  const { autoScaling } = accountClients(emulator, spec);
  const read = (): Promise<GroupState> => emulator.control("read-group", address);
  const target = async (): Promise<{ AutoScalingGroupName: string }> => ({ AutoScalingGroupName: (await read()).name });
  return {
    read,
    resize: async ({ min, desired, max }) => {
      const size = { MinSize: min, DesiredCapacity: desired, MaxSize: max };
      await autoScaling.send(new UpdateAutoScalingGroupCommand({ ...(await target()), ...size }));
    },
    refuseLaunches: (message) => emulator.control("refuse-launches", { ...address, message }),
    allowLaunches: () => emulator.control("refuse-launches", address),
    suspendProcesses: async (...names) => {
      await autoScaling.send(new SuspendProcessesCommand({ ...(await target()), ScalingProcesses: [...names] }));
    },
    resumeProcesses: async (...names) => {
      await autoScaling.send(new ResumeProcessesCommand({ ...(await target()), ScalingProcesses: [...names] }));
    },
    suspendedProcesses: async () => {
      const names = [(await target()).AutoScalingGroupName];
      const answer = await autoScaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: names }));
      return (answer.AutoScalingGroups?.[0]?.SuspendedProcesses ?? []).map(({ ProcessName }) => ProcessName ?? "");
    },
    protectInstances: async (instanceIds, isProtected) => {
      const protection = { InstanceIds: [...instanceIds], ProtectedFromScaleIn: isProtected };
      await autoScaling.send(new SetInstanceProtectionCommand({ ...(await target()), ...protection }));
    },
    beginForeignUpdate: async () =>
      (await emulator.control("patch-nodegroup", { ...nodegroup, update: "begin" }))?.id ?? "",
    endForeignUpdate: async () => {
      await emulator.control("patch-nodegroup", { ...nodegroup, update: "end" });
    },
    setHealth: async (issues) => {
      const fields = { status: issues.length > 0 ? "DEGRADED" : "ACTIVE", health: { issues } };
      await emulator.control("patch-nodegroup", { ...nodegroup, fields });
    },
    replaceInstance: () => emulator.control("replace-instance", address),
    launchExtraInstance: () => emulator.control("launch-instance", address),
  };
}

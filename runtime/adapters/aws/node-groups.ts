import type { AutoScalingGroup } from "@aws-sdk/client-auto-scaling";
import type { Nodegroup } from "@aws-sdk/client-eks";
import type { GroupInstances, GroupSize, NodeGroup } from "../../ports/index.js";

/** EKS marks the Auto Scaling groups of its managed node groups with this tag. */
const MANAGED_TAG = "eks:nodegroup-name";

/** A managed node group. Its zones are known from the Auto Scaling group alone. */
export function readManagedGroup(nodegroup: Nodegroup, autoScalingGroups: readonly AutoScalingGroup[]): NodeGroup {
  const { nodegroupName = "", scalingConfig = {}, health, status = "" } = nodegroup;
  const autoScalingGroup = autoScalingGroupOf(nodegroup);
  const { desiredSize = 0, minSize = 0, maxSize = 0 } = scalingConfig;
  const id = `managed/${nodegroupName}`;
  const seen = autoScalingGroups.find((group) => group.AutoScalingGroupName === autoScalingGroup);
  return {
    id,
    kind: "managed",
    name: nodegroupName,
    autoScalingGroup,
    size: { min: minSize, desired: desiredSize, max: maxSize },
    status,
    healthIssues: (health?.issues ?? []).map(({ code = "Unknown", message = "" }) => `${code}: ${message}`),
    ...optionalTemplate(nodegroup.launchTemplate),
    zones: seen?.AvailabilityZones ?? [],
    observed: seen === undefined ? null : readGroupInstances(id, seen),
  };
}

/** The Auto Scaling group that EKS made for a node group; empty while it has none. */
export function autoScalingGroupOf({ resources }: Nodegroup): string {
  return resources?.autoScalingGroups?.[0]?.name ?? "";
}

/** Whether the group belongs to no managed node group, by tag and by name: EKS may still be tagging a new one. */
export function isSelfManaged(group: AutoScalingGroup, managedNames: ReadonlySet<string>): boolean {
  const isTagged = group.Tags?.some(({ Key }) => Key === MANAGED_TAG) ?? false;
  return !isTagged && !managedNames.has(group.AutoScalingGroupName ?? "");
}

/** A self-managed group. Auto Scaling gives it no status, so it counts as ACTIVE. */
export function readSelfManagedGroup(group: AutoScalingGroup): NodeGroup {
  const name = group.AutoScalingGroupName ?? "";
  const template = group.LaunchTemplate ?? group.MixedInstancesPolicy?.LaunchTemplate?.LaunchTemplateSpecification;
  return {
    id: `asg/${name}`,
    kind: "self-managed",
    name,
    autoScalingGroup: name,
    size: readSize(group),
    status: "ACTIVE",
    healthIssues: [],
    ...optionalTemplate({
      name: template?.LaunchTemplateName,
      id: template?.LaunchTemplateId,
      version: template?.Version,
    }),
    zones: group.AvailabilityZones ?? [],
    observed: readGroupInstances(`asg/${name}`, group),
  };
}

/** The instances of a group, and what the Auto Scaling group says of itself. */
export function readGroupInstances(groupId: string, group: AutoScalingGroup): GroupInstances {
  return {
    groupId,
    size: readSize(group),
    suspendedProcesses: (group.SuspendedProcesses ?? []).map(({ ProcessName }) => ProcessName ?? ""),
    ...(group.WarmPoolConfiguration && { warmPoolSize: group.WarmPoolSize ?? 0 }),
    instances: (group.Instances ?? [])
      .filter(({ LifecycleState }) => LifecycleState !== "Terminated")
      .map((instance) => ({
        id: instance.InstanceId ?? "",
        zone: instance.AvailabilityZone ?? "",
        state: instance.LifecycleState ?? "",
        isProtectedFromScaleIn: instance.ProtectedFromScaleIn ?? false,
      })),
  };
}

function readSize({ MinSize = 0, DesiredCapacity = 0, MaxSize = 0 }: AutoScalingGroup): GroupSize {
  return { min: MinSize, desired: DesiredCapacity, max: MaxSize };
}

interface Template {
  readonly name?: string | undefined;
  readonly id?: string | undefined;
  readonly version?: string | undefined;
}

function optionalTemplate(template: Template | undefined): { readonly launchTemplate?: string } {
  const name = template?.name ?? template?.id;
  return name === undefined ? {} : { launchTemplate: `${name}:${template?.version ?? "$Default"}` };
}

import type { Settings } from "../cycle/index.js";
import type { NodeGroup, PermissionQuestion } from "../ports/index.js";

/** The IAM actions that every run on a cluster calls, by what they are done to. */
const ON_CLUSTER = ["eks:DescribeCluster", "eks:ListNodegroups", "eks:DescribeUpdate"];
const ON_ACCOUNT = ["autoscaling:DescribeAutoScalingGroups", "ec2:DescribeInstances"];
/** Why a group that no node group of EKS owns brings no instance (safe-cycle W8); it takes no resource either. */
const ABOUT_SELF_MANAGED = ["autoscaling:DescribeScalingActivities"];
const ON_MANAGED = ["eks:DescribeNodegroup", "eks:UpdateNodegroupConfig"];
const ON_SELF_MANAGED = ["autoscaling:UpdateAutoScalingGroup"];
/** While zone rebalancing and scheduled actions are held still (safe-cycle H30, H31). */
const ON_PROCESSES = ["autoscaling:SuspendProcesses", "autoscaling:ResumeProcesses"];
/** For the built-in pools of EKS Auto Mode (safe-cycle H37). */
const ON_AUTO_MODE = ["eks:UpdateClusterConfig"];

/** What IAM has to allow for a hibernate and a wake of this very cluster. */
export function neededPermissions(
  groups: readonly NodeGroup[],
  { scaling, measures }: Settings,
  hasAutoMode: boolean,
): readonly PermissionQuestion[] {
  const ask = (actions: readonly string[], on: PermissionQuestion["on"]) => actions.map((action) => ({ action, on }));
  const onSelfManaged = [...ON_SELF_MANAGED, ...(scaling.suspendProcesses ? ON_PROCESSES : [])];
  return [
    ...ask([...ON_ACCOUNT, ...(groups.some(isSelfManaged) ? ABOUT_SELF_MANAGED : [])], "account"),
    ...ask([...ON_CLUSTER, ...(hasAutoMode && measures.karpenter === "apply" ? ON_AUTO_MODE : [])], "cluster"),
    ...groups.flatMap((group) => ask(isSelfManaged(group) ? onSelfManaged : ON_MANAGED, group)),
  ];
}

function isSelfManaged({ kind }: NodeGroup): boolean {
  return kind === "self-managed";
}

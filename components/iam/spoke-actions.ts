/** How much the spoke role allows: to look, also to scale, also to stop the built-in pools of EKS Auto Mode. */
export type Capability = "read" | "scale" | "full-cycle";

/** Every action of the spoke role, by the kind of resource that IAM lets a policy name for it. */
export interface SpokeActions {
  readonly onCluster: readonly string[];
  readonly onNodeGroup: readonly string[];
  readonly onAddOn: readonly string[];
  readonly onUpdate: readonly string[];
  readonly onAutoScalingGroup: readonly string[];
  /**
   * Reads for which IAM knows no resource (Service Authorization Reference: EC2, EC2 Auto Scaling and Service Quotas; the
   * column of resource types is empty for each of these).
   */
  readonly onAnything: readonly string[];
  readonly onOwnRole: readonly string[];
}

const READ: SpokeActions = {
  onCluster: ["eks:DescribeCluster", "eks:ListNodegroups", "eks:ListAddons"],
  onNodeGroup: ["eks:DescribeNodegroup"],
  onAddOn: ["eks:DescribeAddon"],
  onUpdate: ["eks:DescribeUpdate"],
  onAutoScalingGroup: [],
  onAnything: [
    "autoscaling:DescribeAutoScalingGroups",
    "autoscaling:DescribeInstanceRefreshes",
    "autoscaling:DescribeScalingActivities",
    "ec2:DescribeInstances",
    "ec2:DescribeInstanceTypes",
    "ec2:DescribeLaunchTemplateVersions",
    "ec2:DescribeSubnets",
    "eks:ListClusters",
    "servicequotas:GetServiceQuota",
  ],
  onOwnRole: ["iam:SimulatePrincipalPolicy"],
};

const SCALE: Partial<SpokeActions> = {
  onNodeGroup: ["eks:UpdateNodegroupConfig"],
  onAutoScalingGroup: [
    "autoscaling:UpdateAutoScalingGroup",
    "autoscaling:SuspendProcesses",
    "autoscaling:ResumeProcesses",
  ],
};

const FULL_CYCLE: Partial<SpokeActions> = { ...SCALE, onCluster: ["eks:UpdateClusterConfig"] };

const NONE: SpokeActions = {
  onCluster: [],
  onNodeGroup: [],
  onAddOn: [],
  onUpdate: [],
  onAutoScalingGroup: [],
  onAnything: [],
  onOwnRole: [],
};

/** What a run and `curfew doctor` read, whatever the capability. */
export const readActions = (): SpokeActions => READ;

/** What a run changes under a capability. */
export function writeActions(capability: Capability): SpokeActions {
  if (capability === "read") return NONE;
  return { ...NONE, ...(capability === "scale" ? SCALE : FULL_CYCLE) };
}

/** All of them in one list. */
export const actionsOf = (actions: SpokeActions): readonly string[] =>
  Object.values<readonly string[]>({ ...actions }).flat();

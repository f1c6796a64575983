import type { Prospects } from "./prospects.js";

/**
 * The cloud's side of one cluster: its control plane's facts and its node groups.
 * Implementations translate vendor errors to `Failure` once, page through lists, and retry what the
 * SDK retries; they decide nothing.
 */
export interface Capacity {
  /** Facts of the control plane. `Failure` cluster-not-found, credentials-*, role-refused, permission-denied, throttled. */
  describeCluster(): Promise<ClusterFacts>;
  /**
   * Every managed node group and every self-managed Auto Scaling group of the cluster, sorted by id.
   * Groups of Fargate, Karpenter and Auto Mode are not node groups and are not listed.
   */
  listGroups(): Promise<readonly NodeGroup[]>;
  /**
   * The instances behind `groups`, in one batched read (aws.md §2), with what the Auto Scaling group itself says of its size.
   * A group that no longer exists is left out.
   */
  readInstances(groups: readonly NodeGroup[]): Promise<readonly GroupInstances[]>;
  /**
   * Asks for a size. Sends min, desired and max together (safe-cycle H28); the caller guarantees
   * min <= desired <= max and max >= 1. The same token returns the same update: calling twice is safe.
   */
  resize(group: NodeGroup, size: GroupSize, token: string): Promise<ResizeAnswer>;
  /**
   * What Auto Scaling did with a group and why, newest first, at most 20: who changed its size, and why instances do not
   * come. Empty for a group that is gone.
   */
  scalingActivities(group: NodeGroup): Promise<readonly ScalingActivity[]>;
  /** Where an accepted resize stands (safe-cycle H29). Self-managed groups answer `successful` at once. */
  resizeStatus(group: NodeGroup, updateId: string): Promise<ResizeStatus>;
  /**
   * What EC2 says of these instances, whichever group they belong to or have left (safe-cycle 54). Every id asked for is
   * in the answer. An id counts as terminated without a record only where EC2 itself says that it knows none: so ask
   * for instances that have been up for minutes, since EC2 learns of new ones with a delay. No call for no ids.
   */
  instanceStates(ids: readonly string[]): Promise<ReadonlyMap<string, InstanceState>>;
  /**
   * Suspends or resumes scaling processes of a self-managed group; only those named change, and calling twice is safe
   * (safe-cycle H31). `gone` when there is no such group.
   */
  setScalingProcesses(
    group: NodeGroup,
    processes: readonly string[],
    change: "suspend" | "resume",
  ): Promise<"changed" | "gone">;
  /** Ids of the instances with Karpenter's tag for this cluster that have not begun to end (safe-cycle H25). */
  karpenterInstances(): Promise<readonly string[]>;
  /**
   * Switches EKS Auto Mode's built-in pools to exactly these: a name left out deletes the NodePool, and EKS then drains
   * and ends its nodes (safe-cycle H37). The same token returns the same update: calling twice is safe.
   */
  switchBuiltInPools(autoMode: AutoMode, token: string): Promise<UpdateAnswer>;
  /** Where an accepted switch stands. */
  switchStatus(updateId: string): Promise<ResizeStatus>;
  /** What a pre-flight asks beyond what a run does. */
  readonly prospects: Prospects;
}

/** EC2's own words for an instance. */
export type InstanceState = "pending" | "running" | "stopping" | "stopped" | "shutting-down" | "terminated";

export interface ClusterFacts {
  readonly arn: string;
  /** EKS's own word, e.g. ACTIVE, CREATING, UPDATING, FAILED. */
  readonly status: string;
  readonly kubernetesVersion: string;
  readonly endpoint: string;
  /** PEM. */
  readonly certificateAuthority: string;
  readonly authenticationMode: "API" | "API_AND_CONFIG_MAP" | "CONFIG_MAP";
  readonly hasPublicEndpoint: boolean;
  /** Null where EKS Auto Mode is off. */
  readonly autoMode: AutoMode | null;
  readonly tags: Readonly<Record<string, string>>;
}

/** EKS Auto Mode's compute: Karpenter outside the cluster. */
export interface AutoMode {
  /** Names of the built-in pools that are on, as EKS gives them. */
  readonly nodePools: readonly string[];
  /** The role of the built-in pools' nodes; EKS wants it exactly while one of them is on. */
  readonly nodeRoleArn: string | null;
}

/** Sizes in nodes; always min <= desired <= max, max >= 1 for a managed group. */
export interface GroupSize {
  readonly min: number;
  readonly desired: number;
  readonly max: number;
}

export interface NodeGroup {
  /** Unique and stable within the cluster: `managed/<name>` or `asg/<name>`. */
  readonly id: string;
  readonly kind: "managed" | "self-managed";
  readonly name: string;
  /** The Auto Scaling group behind it; equals `name` for a self-managed one. */
  readonly autoScalingGroup: string;
  readonly size: GroupSize;
  /** ACTIVE, UPDATING, DEGRADED … for a managed group; ACTIVE for a self-managed one. */
  readonly status: string;
  /** Health issues that EKS reports, e.g. `AsgInstanceLaunchFailures: …` (safe-cycle W8). */
  readonly healthIssues: readonly string[];
  readonly launchTemplate?: string;
  readonly zones: readonly string[];
  /**
   * What the Auto Scaling group said of itself in the read that listed it, so that a first look costs no second call
   * (aws.md §12); null when that read did not show it: then `readInstances` does.
   */
  readonly observed: GroupInstances | null;
}

export interface GroupInstances {
  readonly groupId: string;
  readonly size: GroupSize;
  /** Names of suspended scaling processes, e.g. `Terminate`, `Launch` (safe-cycle H30, W5). */
  readonly suspendedProcesses: readonly string[];
  /** Instances that the group keeps beside its size, in a warm pool (safe-cycle H30); left out where it has none. */
  readonly warmPoolSize?: number;
  /** Everything not yet terminated. */
  readonly instances: readonly Instance[];
}

export interface ScalingActivity {
  /** When it began. */
  readonly at: number;
  readonly state: "successful" | "failed" | "under-way";
  /** Auto Scaling's own sentence, e.g. `At … a user request … changing the desired capacity from 0 to 2.` */
  readonly cause: string;
  /** Why it failed; empty otherwise. */
  readonly message: string;
}

export interface Instance {
  readonly id: string;
  readonly zone: string;
  /** Auto Scaling's lifecycle state, e.g. InService, Pending, Pending:Wait, Terminating. */
  readonly state: string;
  readonly isProtectedFromScaleIn: boolean;
}

/** `busy`: another update is in flight (ResourceInUse, ScalingActivityInProgress): wait and ask again. */
export type UpdateAnswer =
  { readonly kind: "accepted"; readonly updateId: string | null } | { readonly kind: "busy"; readonly message: string };

export type ResizeAnswer = UpdateAnswer | { readonly kind: "group-gone" };

export type ResizeStatus =
  | { readonly kind: "in-progress" }
  | { readonly kind: "successful" }
  | { readonly kind: "failed"; readonly message: string };

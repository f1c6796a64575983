import type { GroupSize, NodeTaint, ScalingActivity } from "../../ports/index.js";

/** How long the cloud takes for things. */
export interface GroupTimings {
  /** From the launch of an instance to its Node object and to InService. */
  readonly bootMs: number;
  /** From the Node object to Ready. */
  readonly readyMs: number;
  /** From the decision to terminate to instance and Node being gone. */
  readonly terminateMs: number;
  /** How long EKS shows UPDATING before the Auto Scaling group follows (safe-cycle H29). */
  readonly updateMs: number;
}

/** What one simulated node group is: the EKS side, if it is managed, and the Auto Scaling group behind it. Mutable: the outside world. */
export interface GroupState {
  readonly kind: "managed" | "self-managed";
  readonly name: string;
  readonly autoScalingGroup: string;
  readonly zones: readonly string[];
  readonly launchTemplate: string | null;
  timings: GroupTimings;
  readonly nodeLabels: Readonly<Record<string, string>>;
  readonly nodeTaints: readonly NodeTaint[];
  /** What EKS was last told; equals `size` for a self-managed group. */
  declaredSize: GroupSize;
  /** What the Auto Scaling group has. */
  size: GroupSize;
  /** A status set by hand, e.g. CREATING; null lets the facts speak. */
  forcedStatus: string | null;
  /** Why launches fail; null while they work (safe-cycle W8). */
  launchIssue: string | null;
  /** An activity that makes a self-managed group refuse changes (safe-cycle H30). */
  isScalingBusy: boolean;
  /** A lifecycle hook that nobody completes holds whatever is launched (safe-cycle W5). */
  isHooked: boolean;
  readonly suspendedProcesses: Set<string>;
  /** By id, in order of launch. */
  readonly instances: Map<string, InstanceState>;
  /** EKS updates by id, finished ones included. */
  readonly updates: Map<string, UpdateState>;
  /** Newest first: what was done by hand, and launches that failed. */
  readonly activities: ScalingActivity[];
  /** What is to be wrong with the next update; null lets it succeed. */
  nextUpdateFailure: string | null;
}

export interface InstanceState {
  readonly id: string;
  readonly zone: string;
  readonly nodeName: string;
  state: "Pending" | "Pending:Wait" | "InService" | "Terminating";
  isProtectedFromScaleIn: boolean;
}

export interface UpdateState {
  readonly id: string;
  /** The client's request token; null for an update that somebody else made. */
  readonly token: string | null;
  readonly target: GroupSize | null;
  outcome: "in-progress" | "successful" | { readonly failed: string };
}

/** Unique and stable within the cluster. */
export function groupId({ kind, name }: Pick<GroupState, "kind" | "name">): string {
  return `${kind === "managed" ? "managed" : "asg"}/${name}`;
}

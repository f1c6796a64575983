import type { NodeGroup } from "./capacity.js";

/**
 * What the cloud says of changes that nobody has asked for yet: read by a pre-flight long before the night (safe-cycle H6),
 * never on the way of a run. Changes nothing, and throws as `Capacity` does.
 */
export interface Prospects {
  /**
   * What IAM would say to Curfew's identity, by simulation; one answer per question, in their order. No call for no
   * question. `Failure` permission-denied when the identity may not even ask.
   */
  permissions(questions: readonly PermissionQuestion[]): Promise<readonly PermissionAnswer[]>;
  /** The subnets that the groups launch into. A group that names zones only, or is gone, has none. */
  subnets(groups: readonly NodeGroup[]): Promise<readonly GroupSubnets[]>;
  /** The launch templates of the groups. A group without one, or that is gone, is left out. */
  launchTemplates(groups: readonly NodeGroup[]): Promise<readonly GroupTemplate[]>;
  /** EKS's own add-ons in the cluster, sorted by name. */
  addOns(): Promise<readonly AddOn[]>;
  /** The account's quotas on vCPUs in the cluster's Region, and what is taken of them: one for each market. */
  vcpuQuotas(): Promise<readonly VcpuQuota[]>;
  /** How the nodes of the groups count against these quotas. A group that is gone is left out. */
  nodeVcpus(groups: readonly NodeGroup[]): Promise<readonly NodeVcpus[]>;
  /** Instance refreshes that are not over, for whatever group has one. Takes a call for each group. */
  instanceRefreshes(groups: readonly NodeGroup[]): Promise<readonly InstanceRefresh[]>;
}

/** One IAM action, on what it would be done to. */
export interface PermissionQuestion {
  /** E.g. `eks:UpdateNodegroupConfig`. */
  readonly action: string;
  /** `account`: an action that takes no resource. */
  readonly on: "account" | "cluster" | NodeGroup;
}

export interface PermissionAnswer extends PermissionQuestion {
  /** `undecided`: it hangs on a condition whose value only a real call has. */
  readonly verdict: "allowed" | "denied" | "undecided";
}

export interface GroupSubnets {
  readonly groupId: string;
  readonly subnets: readonly Subnet[];
}

export interface Subnet {
  readonly id: string;
  /** Addresses that nobody has; null when there is no such subnet any more. */
  readonly freeAddresses: number | null;
}

export interface GroupTemplate {
  readonly groupId: string;
  /** Its id or name, and the version. */
  readonly template: string;
  readonly exists: boolean;
}

export interface AddOn {
  readonly name: string;
  /** EKS's own word, e.g. ACTIVE, DEGRADED, UPDATE_FAILED. */
  readonly status: string;
  /** Health issues that EKS reports, e.g. `InsufficientNumberOfReplicas: …`. */
  readonly issues: readonly string[];
}

/** The two ways of paying for an instance, each with a quota of its own. */
export type Market = "on-demand" | "spot";

/** A quota on the vCPUs of the usual instance families; families for graphics, machine learning and the like have others. */
export interface VcpuQuota {
  readonly market: Market;
  /** AWS's name for it, e.g. `L-1216C47A`. */
  readonly code: string;
  readonly limit: number;
  /** What all instances of the account, starting or running, take of it; unused capacity reservations come on top. */
  readonly taken: number;
}

export interface NodeVcpus {
  readonly groupId: string;
  /** Of the largest type that it may launch; null when that is not known, or counts against another quota. */
  readonly vcpus: number | null;
  /** On-Demand are the first `base` nodes, and of those above `percent` in a hundred; Spot are the others. */
  readonly onDemand: { readonly base: number; readonly percent: number };
}

/** Auto Scaling is replacing a group's instances. */
export interface InstanceRefresh {
  readonly groupId: string;
  /** Auto Scaling's own word, e.g. Pending, InProgress, Cancelling. */
  readonly status: string;
}

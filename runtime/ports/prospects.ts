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

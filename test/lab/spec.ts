/** A group of nodes to create. Sizes in nodes. */
export interface GroupSpec {
  readonly name: string;
  readonly kind: "managed" | "self-managed";
  readonly min: number;
  readonly desired: number;
  readonly max: number;
  /** Availability zones (default: a, b and c of the region). */
  readonly zones?: readonly string[];
  /** Time from an instance in service to its node in Kubernetes (default 0). */
  readonly bootMs?: number;
}

/** A cluster to create: a real control plane, and its counterpart in the emulated cloud. */
export interface ClusterSpec {
  readonly name: string;
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  /** Default API_AND_CONFIG_MAP. With CONFIG_MAP no token of any role is accepted. */
  readonly authenticationMode?: "API" | "API_AND_CONFIG_MAP" | "CONFIG_MAP";
  /** False leaves out the access entry of the role that Curfew assumes. */
  readonly hasAccessEntry?: boolean;
  readonly tags?: Readonly<Record<string, string>>;
  readonly groups: readonly GroupSpec[];
}

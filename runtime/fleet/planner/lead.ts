/** What an account and Region may launch (aws.md §2: resource tokens and requests of RunInstances). */
export interface LaunchQuota {
  readonly burstInstances: number;
  readonly instancesPerSecond: number;
  readonly burstRequests: number;
  readonly requestsPerSecond: number;
}

/** EC2's published defaults. */
export const DEFAULT_LAUNCH_QUOTA: LaunchQuota = Object.freeze({
  burstInstances: 1000,
  instancesPerSecond: 2,
  burstRequests: 5,
  requestsPerSecond: 2,
});

/** How many node groups wake together, and the nodes that they get. */
export interface WaveSize {
  readonly groups: number;
  readonly nodes: number;
}

/** How long the account needs to launch a wave: its instances' tokens, and one request per group at least (aws.md §12). */
export function launchSeconds(
  { groups, nodes }: WaveSize,
  quota: LaunchQuota,
): { readonly tokens: number; readonly requests: number } {
  return {
    tokens: Math.max(0, nodes - quota.burstInstances) / quota.instancesPerSecond,
    requests: Math.max(0, groups - quota.burstRequests) / quota.requestsPerSecond,
  };
}

/** What a lead is made of besides the size of the wave. */
export interface LeadOptions {
  readonly quota: LaunchQuota;
  /** From the launch of an instance to a usable node. */
  readonly bootSeconds: number;
  /** What a wave is spread by. */
  readonly groupsPerSecond: number;
  readonly tickSeconds: number;
}

/**
 * How far ahead of a window a wave has to begin for its last cluster to be usable at the window's start: the slowest of
 * tokens, requests and our own spreading, then one boot; a tick more, because a due instant may wait that long for one.
 */
export function leadMs(size: WaveSize, { quota, bootSeconds, groupsPerSecond, tickSeconds }: LeadOptions): number {
  const { tokens, requests } = launchSeconds(size, quota);
  const launch = Math.max(tokens, requests, size.groups / groupsPerSecond);
  return Math.ceil(launch + bootSeconds + tickSeconds) * 1000;
}

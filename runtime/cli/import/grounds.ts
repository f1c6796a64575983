import pLimit from "p-limit";

import {
  failureInfo,
  type AccountRegion,
  type ClusterAccess,
  type Discovery,
  type FailureInfo,
  type FoundCluster,
} from "../../ports/index.js";

/** An account and Region to look at, and the way in. */
export interface Ground extends AccountRegion {
  readonly access: ClusterAccess;
}

/** What a look at one account and Region gave: its clusters, or why it could not be looked at. */
export type Sighting = Seen | Unread;

interface Seen extends AccountRegion {
  readonly clusters: readonly FoundCluster[];
  readonly failure: null;
}

/** An account and Region that could not be looked at. */
export interface Unread extends AccountRegion {
  readonly failure: FailureInfo;
}

/** Those of the sightings that failed. */
export function unreadOf(sightings: readonly Sighting[]): readonly Unread[] {
  return sightings.filter((sighting) => sighting.failure !== null);
}

interface LookOptions {
  readonly parallel: number;
  readonly signal: AbortSignal;
  /** Hears of each as it is done. */
  readonly tell: (sighting: Sighting) => void;
}

/** Looks at every ground, so many at once, in their order. What fails for one does not stop the others. */
export async function lookAround(
  grounds: readonly Ground[],
  discovery: Discovery,
  { parallel, signal, tell }: LookOptions,
): Promise<readonly Sighting[]> {
  const limit = pLimit(parallel);
  const look = async (ground: Ground): Promise<Sighting> => {
    const sighting = signal.aborted ? skipped(ground) : await lookAt(ground, discovery);
    tell(sighting);
    return sighting;
  };
  return Promise.all(grounds.map((ground) => limit(look, ground)));
}

async function lookAt({ account, region, access }: Ground, discovery: Discovery): Promise<Sighting> {
  try {
    return { account, region, clusters: await discovery.findClusters({ account, region }, access), failure: null };
  } catch (error) {
    return { account, region, failure: failureInfo(error) };
  }
}

function skipped({ account, region }: Ground): Sighting {
  const failure: FailureInfo = {
    code: "cancelled",
    message: "A stop was asked for before its turn came.",
    remedy: "Run the command again.",
  };
  return { account, region, failure };
}

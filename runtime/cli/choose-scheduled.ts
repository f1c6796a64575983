import type { ClusterSpec, ScheduledCluster } from "../config/index.js";
import { Failure } from "../ports/index.js";

/** The same clusters, none of them excluded. Throws `Failure` cluster-excluded that names those which are. */
export function chooseScheduled(clusters: readonly ClusterSpec[]): readonly ScheduledCluster[] {
  const excluded = clusters.filter(({ exclusion }) => exclusion !== null);
  if (excluded.length > 0) {
    const names = excluded.map(({ identity, exclusion }) => `${identity.name} (${exclusion?.reason ?? ""})`).join(", ");
    throw new Failure({
      code: "cluster-excluded",
      message: `Excluded: ${names}. Nothing was noted.`,
      remedy:
        "Excluded clusters follow no calendar and no hold: choose others, or take the exclusion out of the config.",
    });
  }
  return clusters.filter((cluster) => cluster.exclusion === null);
}

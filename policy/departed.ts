import type { PolicyResource } from "@pulumi/policy";

import type { PreviousCluster } from "./previous-state.js";

/** The clusters whose resources are in the old state and no longer in the program. One that was renamed is still there. */
export function departedClusters(
  previous: readonly PreviousCluster[],
  resources: readonly PolicyResource[],
): readonly PreviousCluster[] {
  const present = new Set(resources.flatMap(({ urn, opts }) => [urn, ...opts.aliases]));
  return previous.filter(({ urn }) => !present.has(urn));
}

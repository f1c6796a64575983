import type { ClusterIdentity } from "../runtime/ports/index.js";

/** The name of a cluster's resource, and the name that it may have had before. */
export interface ResourceName {
  readonly name: string;
  readonly formerly?: string;
}

/**
 * Names resources after their clusters, and by account and Region too where one name is given to several. Pulumi knows
 * a resource by its name: so that a namesake's coming or going is a renaming, not a deletion, which would wake the
 * cluster, each says how it was called before. When a namesake comes, that is the first in order.
 */
export function resourceNames(identities: readonly ClusterIdentity[]): readonly ResourceName[] {
  const namesakes = Map.groupBy(identities, ({ name }) => name);
  return identities.map((identity) => {
    const [first, ...others] = namesakes.get(identity.name) ?? [];
    const long = `${identity.name}-${identity.account}-${identity.region}`;
    if (others.length === 0) return { name: identity.name, formerly: long };
    return identity === first ? { name: long, formerly: identity.name } : { name: long };
  });
}

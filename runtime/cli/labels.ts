import type { ClusterIdentity } from "../ports/index.js";

interface Named {
  readonly id: string;
  readonly identity: ClusterIdentity;
}

/** What to call clusters in front of a person: by name where that is clear, else by id. */
export function labelsOf(clusters: readonly Named[]): (id: string) => string {
  const labels = new Map<string, string>();
  const byName = Map.groupBy(clusters, ({ identity }) => identity.name);
  for (const [name, namesakes] of byName) {
    for (const { id } of namesakes) labels.set(id, namesakes.length === 1 ? name : id);
  }
  return (id) => labels.get(id) ?? id;
}

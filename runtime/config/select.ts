import type { Parsed } from "../schedule/index.js";
import type { ClusterSpec } from "./cluster-spec.js";
import { hasAllTags } from "./exclusions.js";
import type { Fleet } from "./fleet.js";
import type { ProblemList } from "./problems.js";
import { createProblemList } from "./problems.js";
import { enumerate, quote, suggest } from "./wording.js";

/** Which of the declared clusters a person means. */
export interface Selection {
  /** Names, or `account/region/name` where a name alone is not clear. */
  readonly names?: readonly string[];
  /** Every cluster of the fleet. */
  readonly all?: boolean;
  /** `key=value`; a cluster must have them all. Alone they choose from the whole fleet, with names they narrow the choice. */
  readonly tags?: readonly string[];
}

/**
 * The clusters that `selection` means, in the order of the fleet, none twice. Excluded clusters are given too: a run refuses
 * them with their reason, which says more than leaving them out. Choosing nothing, and a tag that fits nothing, are problems.
 */
export function selectClusters(
  fleet: Fleet,
  { names = [], all = false, tags = [] }: Selection,
): Parsed<readonly ClusterSpec[]> {
  const problems = createProblemList();
  if (names.length === 0 && !all && tags.length === 0)
    problems.add("clusters", "name the clusters, or choose with --all or --tag key=value");
  if (names.length > 0 && all) problems.add("clusters", "choose either names or --all, not both");
  const named = new Set(names.map((name) => findCluster(fleet, name, problems)));
  const wanted = parseTags(tags, problems);
  const chosen = fleet.clusters.filter(
    (cluster) => (names.length === 0 || named.has(cluster)) && hasAllTags(cluster.tags, wanted),
  );
  if (tags.length > 0 && chosen.length === 0)
    problems.add("tags", `no cluster that was chosen has ${tags.join(" and ")}`);
  return problems.settle(() => chosen);
}

function findCluster({ clusters }: Fleet, name: string, problems: ProblemList): ClusterSpec | undefined {
  const found = clusters.filter(({ id, identity }) => id === name || identity.name === name);
  if (found.length > 1) {
    problems.add("clusters", `${quote(name)} is not clear: write one of ${enumerate(found.map(({ id }) => id))}`);
  }
  if (found.length === 0) {
    const known = clusters.map(({ id, identity }) => (name.includes("/") ? id : identity.name));
    problems.add("clusters", `no cluster is called ${quote(name)}${suggest(name, [...new Set(known)])}`);
  }
  return found[0];
}

function parseTags(tags: readonly string[], problems: ProblemList): Readonly<Record<string, string>> {
  const entries = tags.map((tag) => {
    const at = tag.indexOf("=");
    if (at < 1) problems.add("tags", `${quote(tag)} must be key=value`);
    return [tag.slice(0, at), tag.slice(at + 1)] as const;
  });
  return Object.fromEntries(entries);
}

import { InvalidArgumentError } from "commander";

import type { ClusterSpec, Fleet, ScheduledCluster } from "../../config/index.js";
import { matchesGlob } from "../../config/glob.js";
import { Failure, type CampaignGroup } from "../../ports/index.js";
import { chooseClusters, type SelectionOptions } from "../choose-clusters.js";
import { chooseScheduled } from "../choose-scheduled.js";
import { usageError } from "../usage-error.js";

/** Options that choose the clusters of a campaign and put them into groups. */
export interface GroupingOptions extends SelectionOptions {
  readonly account?: readonly string[];
  readonly region?: readonly string[];
  readonly group?: readonly GroupRule[];
}

/** Which of the chosen clusters belong to a group: those that fit every condition. */
export interface GroupRule {
  readonly name: string;
  readonly conditions: readonly Condition[];
}

interface Condition {
  readonly key: string;
  readonly pattern: string;
}

/** What a campaign is for. */
export interface ChosenGroups {
  readonly groups: readonly CampaignGroup[];
  /** Names of chosen clusters that are not part of it, because they are excluded or fit no group. */
  readonly leftOut: readonly string[];
}

/** Reads `canary=tier=low,region=eu-*`. Throws commander's InvalidArgumentError. */
export function parseGroupRule(text: string): GroupRule {
  const [name = "", selector = ""] = splitAtFirst(text);
  const conditions = selector.split(",").map((condition) => {
    const [key = "", pattern = ""] = splitAtFirst(condition);
    return { key, pattern };
  });
  if (name !== "" && conditions.every(({ key, pattern }) => key !== "" && pattern !== "")) return { name, conditions };
  throw new InvalidArgumentError("Write NAME=KEY=VALUE[,KEY=VALUE], such as canary=tier=low or eu=region=eu-*.");
}

/**
 * The clusters that a person means, in groups: each in the first one that it fits, in the order of the options; without
 * groups all in one. Throws a usage error when nothing is chosen, `Failure` cluster-unknown and cluster-excluded as `hold` does.
 */
export function chooseGroups(fleet: Fleet, names: readonly string[], options: GroupingOptions): ChosenGroups {
  const { account: accounts = ["*"], region: regions = ["*"], group: rules } = options;
  const isNarrowed = options.account !== undefined || options.region !== undefined || rules !== undefined;
  const meant = chooseClusters(fleet, names, options, isNarrowed ? "all" : "refuse").filter(
    ({ identity }) =>
      accounts.some((pattern) => matchesGlob(pattern, identity.account)) &&
      regions.some((pattern) => matchesGlob(pattern, identity.region)),
  );
  // Whoever names an excluded cluster should hear of it; a choice by place or tag passes it by.
  const scheduled = names.length > 0 ? chooseScheduled(meant) : meant.filter((cluster) => cluster.exclusion === null);
  const groups = rules === undefined ? [{ name: "all", clusters: idsOf(scheduled) }] : groupBy(rules, scheduled);
  const filled = groups.filter(({ clusters }) => clusters.length > 0);
  if (filled.length === 0) throw nothingFits();
  const taken = new Set(filled.flatMap(({ clusters }) => clusters));
  return { groups: filled, leftOut: meant.filter(({ id }) => !taken.has(id)).map(({ identity }) => identity.name) };
}

function groupBy(rules: readonly GroupRule[], clusters: readonly ScheduledCluster[]): readonly CampaignGroup[] {
  const doubled = rules.find(({ name }, index) => rules.findIndex((rule) => rule.name === name) !== index);
  if (doubled !== undefined) throw usageError(`two groups are called ${doubled.name}`);
  const firstFitting = (cluster: ClusterSpec) => rules.find((rule) => rule.conditions.every(fits(cluster)));
  const byRule = Map.groupBy(clusters, firstFitting);
  return rules.map((rule) => ({ name: rule.name, clusters: idsOf(byRule.get(rule) ?? []) }));
}

/** `account`, `region` and `cluster` mean the cluster's own; any other key is a tag. */
function fits({ identity, tags }: ClusterSpec): (condition: Condition) => boolean {
  const own = new Map<string, string>([...Object.entries(tags), ["account", identity.account]]);
  own.set("region", identity.region).set("cluster", identity.name);
  return ({ key, pattern }) => {
    const value = own.get(key);
    return value !== undefined && matchesGlob(pattern, value);
  };
}

const idsOf = (clusters: readonly ClusterSpec[]): readonly string[] => clusters.map(({ id }) => id);

function splitAtFirst(text: string): readonly string[] {
  const at = text.indexOf("=");
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function nothingFits(): Failure {
  return new Failure({
    code: "cluster-unknown",
    message: "No cluster that may be touched fits.",
    remedy: "`curfew status` lists the declared clusters; --dry-run shows what is chosen.",
  });
}

import type { Command } from "commander";

import { selectClusters, type ClusterSpec, type Fleet } from "../config/index.js";
import { Failure } from "../ports/index.js";
import { usageError } from "./usage-error.js";

/** Options that choose among the declared clusters. */
export interface SelectionOptions {
  readonly all?: boolean;
  readonly tag?: readonly string[];
}

/** Adds the arguments and options to a command. */
export function withSelection(command: Command): Command {
  const collect = (tag: string, tags: readonly string[] = []) => [...tags, tag];
  return command
    .argument("[clusters...]", "names, or account/region/name")
    .option("--all", "every declared cluster")
    .option("--tag <key=value>", "clusters that carry this tag; may be given several times", collect);
}

/**
 * The clusters that a person means, in the order of declaration, excluded ones among them. Throws a usage error when
 * nothing is chosen and `whenNothing` refuses that, `Failure` cluster-unknown for names and tags that fit nothing.
 */
export function chooseClusters(
  fleet: Fleet,
  names: readonly string[],
  { all = false, tag: tags = [] }: SelectionOptions,
  whenNothing: "all" | "refuse" = "refuse",
): readonly ClusterSpec[] {
  const isNothing = names.length === 0 && !all && tags.length === 0;
  if (isNothing && whenNothing === "refuse")
    throw usageError("name the clusters, or choose with --all or --tag key=value");
  if (names.length > 0 && all) throw usageError("choose either names or --all, not both");
  const chosen = selectClusters(fleet, { names, all: all || isNothing, tags });
  if (chosen.ok) return chosen.value;
  const message = chosen.problems.map((problem) => problem.message).join("; ");
  throw new Failure({ code: "cluster-unknown", message, remedy: "`curfew status` lists the declared clusters." });
}

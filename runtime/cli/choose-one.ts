import type { Command } from "commander";

import type { ClusterSpec, Fleet } from "../config/index.js";
import { Failure } from "../ports/index.js";
import { chooseClusters } from "./choose-clusters.js";

/** Adds the argument of a command about one cluster. */
export function withOneCluster(command: Command): Command {
  return command.argument("<cluster>", "name, or account/region/name");
}

/** The cluster that a person means, also an excluded one. Throws `Failure` cluster-unknown for a name that fits none, or several. */
export function chooseOne(fleet: Fleet, name: string): ClusterSpec {
  const [cluster] = chooseClusters(fleet, [name], {});
  if (cluster !== undefined) return cluster;
  throw new Failure({
    code: "cluster-unknown",
    message: `No cluster is called ${name}.`,
    remedy: "`curfew status` lists them.",
  });
}

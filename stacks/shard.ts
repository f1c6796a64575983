import * as pulumi from "@pulumi/pulumi";

import type { Fleet } from "../runtime/config/index.js";

/**
 * Whether this stack is one of several of an environment, and not the one that has the hub: the one that is named as the
 * environment is. The deployer says so in `curfew-deploy:environment`, where it spreads an environment over stacks.
 */
export function isHubElsewhere(): boolean {
  const environment = new pulumi.Config("curfew-deploy").get("environment");
  return environment !== undefined && environment !== pulumi.getStack();
}

/**
 * Refuses to declare in one stack what the deployer spreads over several: the same cluster would come to stand in two of
 * them. Throws a `RunError`, which Pulumi prints without a stack trace.
 */
export function refuseUnspread({ deployer, shard, clusters }: Fleet): void {
  const count = clusters.filter(({ exclusion }) => exclusion === null).length;
  if (deployer === null || shard !== null || count <= deployer.clustersPerStack) return;
  throw new pulumi.RunError(
    `This environment's ${count} clusters are spread over stacks of at most ${deployer.clustersPerStack} ` +
      `(curfew:deployer), which \`pulumi up\` alone does not do: use \`curfew deploy up\`.`,
  );
}

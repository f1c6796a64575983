import type { Command } from "commander";

import { changeClusters, withChange, type ChangeOptions } from "../change-clusters.js";
import type { CommandScope } from "../command-scope.js";

const EXAMPLE = `
Example:
  curfew hibernate --stack dev payments-dev --dry-run
  curfew hibernate --stack dev --tag team=payments --reason "long weekend"

It drains every node group as the cluster's settings say, then takes the groups to zero. Ctrl-C stops at the next safe
point; running it again goes on. The calendar still rules: use \`curfew hold\` to keep the clusters asleep.
`;

/** `curfew hibernate`: puts clusters to sleep now. */
export function addHibernate(program: Command, scope: CommandScope): void {
  withChange(program.command("hibernate").alias("stop"))
    .description("put clusters to sleep now, safely")
    .addHelpText("after", EXAMPLE)
    .action(async (names: string[], options: ChangeOptions) =>
      scope.settle(await changeClusters(names, options, { desired: "hibernated" }, scope)),
    );
}

import type { Command } from "commander";

import { changeClusters, withChange, type ChangeOptions } from "../change-clusters.js";
import type { CommandScope } from "../command-scope.js";
import type { ExitCode } from "../exit-codes.js";
import { usageError } from "../usage-error.js";
import { parseWholeNumber } from "../whole-number.js";

const EXAMPLE = `
Example:
  curfew wake --stack dev payments-dev
  curfew wake --stack dev payments-dev --min-nodes 2 --forget

It gives every node group the size that was saved when the cluster went to sleep, and waits until its nodes are usable.
The calendar still rules: use \`curfew hold\` to keep the clusters awake.
`;

interface WakeOptions extends ChangeOptions {
  readonly minNodes?: number;
  readonly forget?: boolean;
}

/** `curfew wake`: wakes clusters now. */
export function addWake(program: Command, scope: CommandScope): void {
  withChange(program.command("wake").alias("start"))
    .description("wake clusters now, to the sizes they had")
    .option("--min-nodes <n>", "at least so many nodes in every group that had some", parseWholeNumber)
    .option("--forget", "set an unreadable record of sizes aside, and give every group --min-nodes")
    .addHelpText("after", EXAMPLE)
    .action(async (names: string[], options: WakeOptions) => scope.settle(await wake(names, options, scope)));
}

async function wake(names: readonly string[], options: WakeOptions, scope: CommandScope): Promise<ExitCode> {
  const { minNodes, forget = false } = options;
  // The run would set the record aside and then know no size at all.
  if (forget && minNodes === undefined)
    throw usageError("--forget needs --min-nodes N: without the record no size is known");
  const wish = { desired: "running", forget, ...(minNodes === undefined ? {} : { minNodes }) } as const;
  return changeClusters(names, options, wish, scope);
}

import type { Command } from "commander";

import { configJsonSchema } from "../../config/index.js";
import type { CommandScope } from "../command-scope.js";
import { EXIT } from "../exit-codes.js";

const EXAMPLE = `
Example:
  curfew schema > stacks/curfew.schema.json
  # yaml-language-server: $schema=curfew.schema.json      (first line of stacks/Pulumi.dev.yaml)
`;

/** `curfew schema`: the JSON schema of the config, for editors. Reads nothing. */
export function addSchema(program: Command, { terminal, settle }: CommandScope): void {
  program
    .command("schema")
    .description("print the JSON schema of the config, by which an editor checks and completes it")
    .addHelpText("after", EXAMPLE)
    .action(() => {
      terminal.print(JSON.stringify(configJsonSchema(), null, 2));
      settle(EXIT.done);
    });
}

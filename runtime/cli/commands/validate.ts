import type { Command } from "commander";

import type { Problem } from "../../schedule/index.js";
import type { CommandScope } from "../command-scope.js";
import { withSource, type SourceOptions } from "../config-source.js";
import { EXIT, type ExitCode } from "../exit-codes.js";
import { loadProject, problemLines, type Project } from "../load-project.js";

const EXAMPLE = `
Example:
  curfew validate --stack dev
  curfew validate --config stacks/Pulumi.dev.yaml --json     {"problems":[{"path":"…","message":"…"}]}
`;

/** `curfew validate`: every problem of what is declared, at once. Needs neither Pulumi nor AWS, and opens no state. */
export function addValidate(program: Command, scope: CommandScope): void {
  withSource(program.command("validate"))
    .description("check what is declared and list every problem at once")
    .addHelpText("after", EXAMPLE)
    .action(async (options: SourceOptions) => scope.settle(await validate(options, scope)));
}

async function validate(options: SourceOptions, { host, terminal }: CommandScope): Promise<ExitCode> {
  const loaded = await loadProject(options, host, { isForPulumi: true });
  const problems: readonly Problem[] = loaded.ok ? [] : loaded.problems;
  if (terminal.isJson) terminal.document({ problems });
  else terminal.print(loaded.ok ? praise(loaded.value) : problemLines(problems));
  return loaded.ok ? EXIT.done : EXIT.badUsage;
}

function praise({ fleet, file }: Project): string {
  return `${file}: no problems; clusters: ${fleet.clusters.length}, schedules: ${Object.keys(fleet.schedules).length}`;
}

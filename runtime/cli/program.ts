import { Command } from "commander";

import type { CommandScope } from "./command-scope.js";
import { addCampaign } from "./commands/campaign.js";
import { addDeploy } from "./commands/deploy.js";
import { addDoctor } from "./commands/doctor.js";
import { addFleet } from "./commands/fleet.js";
import { addHibernate } from "./commands/hibernate.js";
import { addHold } from "./commands/hold.js";
import { addHistory } from "./commands/history.js";
import { addImport } from "./commands/import.js";
import { addPreview } from "./commands/preview.js";
import { addRedrive } from "./commands/redrive.js";
import { addRelease } from "./commands/release.js";
import { addReport } from "./commands/report.js";
import { addSchema } from "./commands/schema.js";
import { addStatus } from "./commands/status.js";
import { addValidate } from "./commands/validate.js";
import { addWake } from "./commands/wake.js";
import { addWhy } from "./commands/why.js";
import { EXIT_CODES_HELP } from "./exit-codes.js";
import { packageVersion } from "./version.js";

const HELP = `
Clusters are declared in a Pulumi stack (--stack NAME, or CURFEW_STACK) or in any file of that form (--config FILE, or
CURFEW_CONFIG); Pulumi itself is not needed. What Curfew remembers lies in CURFEW_STATE, else in curfew:state, else in
.curfew/state.db, relative to the project's folder.

Example:
  curfew status --stack dev
`;

/** In the order of `curfew --help`. */
const COMMANDS = [
  ...[addValidate, addPreview, addStatus],
  ...[addHibernate, addWake, addHold, addRelease],
  ...[addReport, addHistory, addWhy, addDoctor],
  ...[addFleet, addRedrive, addCampaign],
  ...[addImport, addSchema, addDeploy],
];

/** The whole command line. Parsing it throws commander's errors instead of ending the process. */
export function createProgram(scope: CommandScope): Command {
  const { stdout, stderr } = scope.host;
  const program = new Command("curfew")
    .description("Puts EKS clusters to sleep at night and wakes them, whole, in the morning.")
    .version(packageVersion())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
      // Errors are told in one place, for people or as JSON (explain-error.ts).
      outputError: () => undefined,
    })
    .addHelpText("after", HELP)
    .addHelpText("afterAll", EXIT_CODES_HELP);
  for (const add of COMMANDS) add(program, scope);
  return program;
}

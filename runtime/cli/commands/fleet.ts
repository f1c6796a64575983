import { InvalidArgumentError, Option, type Command } from "commander";

import { readOverview, STANDINGS, type Standing } from "../../fleet/index.js";
import type { CommandScope } from "../command-scope.js";
import { withSource, type SourceOptions } from "../config-source.js";
import { EXIT, type ExitCode } from "../exit-codes.js";
import { fleetDocument } from "../fleet/overview-document.js";
import { fleetText } from "../fleet/overview-words.js";
import { parseWholeNumber } from "../whole-number.js";
import { withHub } from "../with-runtime.js";
import { withProject } from "../with-project.js";

const DEFAULT_LIMIT = 100;
/** How long a person is left without a word. */
const SILENCE_MS = 2_000;

const EXAMPLE = `
Example:
  curfew fleet --stack prod
  curfew fleet --stack prod --account 222222222222 --state failed --json

Everything comes from the hub's table: no cluster and no account is asked. "converging" is on its way to the state wanted,
"late" is not there half an hour after it should be, "failed" had an attempt that came to nothing. Without --state every
cluster is listed that is not simply in the state wanted. The exit code says whether the table could be read.
`;

interface FleetOptions extends SourceOptions {
  readonly account?: readonly string[];
  readonly state?: Standing;
  readonly limit: number;
}

/** `curfew fleet`: how all clusters of a hub stand, by account. */
export function addFleet(program: Command, scope: CommandScope): void {
  const collect = (text: string, accounts: readonly string[] = []) => [...accounts, parseAccount(text)];
  withSource(program.command("fleet"))
    .description("show how the clusters of a hub stand: in state, converging, late, failed, by account")
    .option("--account <id>", "only this account; may be given several times", collect)
    .addOption(new Option("--state <standing>", "list the clusters that stand so").choices(STANDINGS))
    .option("--limit <n>", "clusters listed at most", parseWholeNumber, DEFAULT_LIMIT)
    .addHelpText("after", EXAMPLE)
    .action(async (options: FleetOptions) => scope.settle(await fleet(options, scope)));
}

async function fleet(options: FleetOptions, scope: CommandScope): Promise<ExitCode> {
  const { host, terminal } = scope;
  const { account: accounts = [], state: standing = null, limit } = options;
  return withProject(options, scope, (project) =>
    withHub(project, host, async (hub, { clock }) => {
      const now = clock.now();
      const view = await readOverview({ now, accounts, standing, limit }, hub, slowReading(scope));
      const document = fleetDocument(view, now);
      if (terminal.isJson) terminal.document(document);
      else terminal.print(fleetText(document, terminal));
      return EXIT.done;
    }),
  );
}

/** Tells how far the reading is, when it takes long enough for somebody to wonder. */
function slowReading({ host, terminal }: CommandScope): (clusters: number) => void {
  let toldAt = host.now();
  return (clusters) => {
    if (host.now() - toldAt < SILENCE_MS) return;
    toldAt = host.now();
    terminal.tell(`${clusters} clusters read so far`);
  };
}

function parseAccount(text: string): string {
  if (/^\d{12}$/.test(text)) return text;
  throw new InvalidArgumentError("Write the twelve digits of an account.");
}

import { Command } from "commander";

import { EXIT_CODES_HELP } from "../../runtime/cli/exit-codes.js";
import { parseWholeNumber } from "../../runtime/cli/whole-number.js";

const VERBS = ["preview", "up", "drift", "destroy", "rebalance"] as const;

/** What to do with the environments. */
export type Verb = (typeof VERBS)[number];

/** The command line, read. */
export interface DeployOptions {
  readonly verb: Verb;
  readonly environments: readonly string[];
  readonly yes: boolean;
  readonly json: boolean;
  readonly repair: boolean;
  readonly unlock: boolean;
  readonly parallel: number;
  readonly summary?: string;
  readonly policyPack?: string;
}

/** Stacks at once: each costs a CLI, a program and a provider process, some 400 MB together. */
const DEFAULT_PARALLEL = 4;

const DESCRIPTIONS: Readonly<Record<Verb, string>> = {
  preview: "show what would change, and hold it to the policies",
  up: "preview, policies, approval, and then do what was previewed",
  drift: "look at the real clusters and say which are not as they were left",
  destroy: "wake every cluster, give up its schedule, and take the hub away last",
  rebalance: "spread the clusters anew over the environment's stacks, without touching one",
};

const EXAMPLE = `
Example:
  curfew deploy preview dev --summary preview.md
  curfew deploy up staging production --yes --json
`;

/** Where the program writes, and what it does with what it read. */
export interface ProgramOptions {
  readonly writeOut: (text: string) => void;
  readonly writeErr: (text: string) => void;
  readonly run: (options: DeployOptions) => Promise<void>;
}

/** `curfew deploy`. Parsing it throws commander's errors instead of ending the process. */
export function createDeployProgram({ writeOut, writeErr, run }: ProgramOptions): Command {
  const program = new Command("curfew deploy")
    .description("Deploys environments: each one's clusters over as many stacks as they need, shown as one.")
    .exitOverride()
    .configureOutput({ writeOut, writeErr, outputError: () => undefined })
    .addHelpText("after", EXAMPLE)
    .addHelpText("afterAll", EXIT_CODES_HELP);
  for (const verb of VERBS) addVerb(program, verb, run);
  return program;
}

function addVerb(program: Command, verb: Verb, run: ProgramOptions["run"]): void {
  const command = program
    .command(verb)
    .description(DESCRIPTIONS[verb])
    .argument("<environment...>", "stack files' names, in the order in which to go")
    .option("--parallel <n>", "stacks at once", parseWholeNumber, DEFAULT_PARALLEL)
    .option(
      "--policy-pack <dir>",
      "the policies (default: the project's folder `policy`, else those that come with Curfew)",
    )
    .option("--summary <file>", "write a Markdown summary")
    .option("--json", "JSON lines on stdout, the summary last", false);
  if (verb !== "preview") {
    command.option("--yes", "approve what the preview shows", false);
    command.option("--unlock", "take stacks from a process of this host that is dead", false);
  }
  if (verb === "drift") command.option("--repair", "put right what drifted", false);
  command.action((environments: readonly string[], given: Partial<DeployOptions>) =>
    run({
      yes: false,
      json: false,
      repair: false,
      unlock: false,
      parallel: DEFAULT_PARALLEL,
      ...given,
      verb,
      environments,
    }),
  );
}

import { CommanderError } from "commander";

import { failureInfo, type FailureCode, type FailureInfo } from "../ports/index.js";
import { EXIT, endingOfFailure, type ExitCode } from "./exit-codes.js";
import type { CliHost } from "./host.js";
import { readVariable } from "./read-variable.js";
import type { Terminal } from "./terminal.js";

/** An error as `--json` prints it; `usage` is the command line's own code. */
interface CliError {
  readonly code: FailureCode | "usage";
  readonly message: string;
  readonly remedy: string;
}

/** Codes that mean: what was asked or declared is wrong. */
const BAD_REQUESTS: ReadonlySet<FailureCode> = new Set(["config-invalid", "cluster-unknown"]);

/** Says what went wrong and what to do, and gives the exit code. Help and version are no errors. */
export function explainError(error: unknown, host: CliHost, terminal: Terminal): ExitCode {
  if (error instanceof CommanderError) return explainUsage(error, host, terminal);
  const failure = failureInfo(error);
  print(failure, terminal);
  if (readVariable(host.environment, "CURFEW_DEBUG") !== undefined && error instanceof Error)
    terminal.tell(error.stack ?? error.message);
  return exitCodeOfFailure(failure);
}

function explainUsage(error: CommanderError, { argv }: CliHost, terminal: Terminal): ExitCode {
  if (error.exitCode === 0) return EXIT.done;
  // Without a command commander has printed the help already.
  if (error.code === "commander.help") return EXIT.badUsage;
  const command = argv.slice(0, 1).filter((word) => !word.startsWith("-"));
  const message = error.message.replace(/^error: /, "");
  print({ code: "usage", message, remedy: `See \`${["curfew", ...command, "--help"].join(" ")}\`.` }, terminal);
  return EXIT.badUsage;
}

function print({ code, message, remedy }: CliError, terminal: Terminal): void {
  if (terminal.isJson) terminal.document({ error: { code, message, remedy } });
  else terminal.tell(`${terminal.paint("red", `[${code}]`)} ${message}\n${remedy}`);
}

function exitCodeOfFailure(failure: FailureInfo): ExitCode {
  return BAD_REQUESTS.has(failure.code) ? EXIT.badUsage : EXIT[endingOfFailure(failure)];
}

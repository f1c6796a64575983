import { explainError } from "./explain-error.js";
import { EXIT, type ExitCode } from "./exit-codes.js";
import type { CliHost } from "./host.js";
import { createProgram } from "./program.js";
import { createTerminal } from "./terminal.js";

/**
 * Runs one `curfew` command and gives its exit code. Never throws and never ends the process; touches nothing of it
 * but what `host` gives.
 */
export async function runCli(host: CliHost): Promise<ExitCode> {
  const terminal = createTerminal(host);
  let exitCode: ExitCode = EXIT.done;
  try {
    const program = createProgram({ host, terminal, settle: (code) => (exitCode = code) });
    await program.parseAsync(host.argv, { from: "user" });
    return exitCode;
  } catch (error) {
    return explainError(error, host, terminal);
  }
}

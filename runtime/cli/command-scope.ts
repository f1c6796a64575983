import type { ExitCode } from "./exit-codes.js";
import type { CliHost } from "./host.js";
import type { Terminal } from "./terminal.js";

/** What every command is given. */
export interface CommandScope {
  readonly host: CliHost;
  readonly terminal: Terminal;
  /** Says with which code the process ends; a command calls it once, at its end. */
  readonly settle: (code: ExitCode) => void;
}

import { Option, type Command } from "commander";

import { usageError } from "../usage-error.js";

const FORMATS = ["table", "json", "csv", "markdown"] as const;

/** How reports are printed. */
export type ReportFormat = (typeof FORMATS)[number];

/** The options that say it. */
export interface FormatOptions {
  readonly output?: ReportFormat;
  readonly json?: boolean;
}

/** Adds the option to a command that has `--json` already. */
export function withFormat(command: Command): Command {
  return command.addOption(
    new Option("-o, --output <format>", "table (default), json (the same as --json), csv or markdown").choices(FORMATS),
  );
}

/** The format asked for. Throws a usage error when two are. */
export function formatOf({ output, json = false }: FormatOptions): ReportFormat {
  if (json && output !== undefined && output !== "json")
    throw usageError(`choose either --json or --output ${output}, not both`);
  return json ? "json" : (output ?? "table");
}

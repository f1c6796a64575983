import { CommanderError } from "commander";

import { EXIT } from "./exit-codes.js";

/** An error in what was typed that only shows with all arguments at hand; it ends as commander's own do. */
export function usageError(message: string): CommanderError {
  return new CommanderError(EXIT.badUsage, "curfew.usage", message);
}

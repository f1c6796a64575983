import type { Command } from "commander";

import { Failure } from "../ports/index.js";
import type { CliHost } from "./host.js";
import { readVariable } from "./read-variable.js";
import { parseWholeNumber } from "./whole-number.js";

const DEFAULT_PARALLEL = 10;

/** The option that bounds how many clusters are worked on at once. */
export interface ParallelOptions {
  readonly parallel?: number;
}

/** Adds the option to a command. */
export function withParallel(command: Command): Command {
  return command.option("--parallel <n>", "clusters at once (default: CURFEW_PARALLEL, else 10)", parseWholeNumber);
}

/** How many clusters to work on at once. Throws `Failure` config-invalid for an environment variable that is no number. */
export function parallelOf({ parallel }: ParallelOptions, { environment }: Pick<CliHost, "environment">): number {
  const text = readVariable(environment, "CURFEW_PARALLEL");
  if (parallel !== undefined || text === undefined) return parallel ?? DEFAULT_PARALLEL;
  try {
    return parseWholeNumber(text);
  } catch (error) {
    const message = `CURFEW_PARALLEL is "${text}".`;
    throw new Failure(
      { code: "config-invalid", message, remedy: "Set it to a whole number from 1 to 9999, or unset it." },
      { cause: error },
    );
  }
}

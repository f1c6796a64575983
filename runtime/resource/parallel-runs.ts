import pLimit, { type LimitFunction } from "p-limit";

import { Failure } from "../ports/index.js";

const DEFAULT_PARALLEL_RUNS = 10;

/**
 * How many clusters one Pulumi process works on at once, whatever `pulumi up --parallel` says: all of a stack's
 * clusters share that process, its sockets and its accounts' rate limits. `CURFEW_PARALLEL`, by default 10.
 * Throws `Failure` config-invalid.
 */
export function parallelRuns(environment: Readonly<Record<string, string | undefined>>): LimitFunction {
  const text = environment["CURFEW_PARALLEL"];
  if (text === undefined || text === "") return pLimit(DEFAULT_PARALLEL_RUNS);
  if (/^[1-9]\d{0,3}$/.test(text)) return pLimit(Number(text));
  throw new Failure({
    code: "config-invalid",
    message: `CURFEW_PARALLEL is "${text}".`,
    remedy: "Set it to a whole number from 1 to 9999, or unset it.",
  });
}

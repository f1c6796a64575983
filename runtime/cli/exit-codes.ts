import type { FailureInfo } from "../ports/index.js";
import { isBlocking, type RunResult } from "../run/index.js";

/** What the process says at its end, for scripts. */
export const EXIT = { done: 0, failed: 1, badUsage: 2, blocked: 3, partial: 4 } as const;

/** One of {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The same for people, below every `--help`. */
export const EXIT_CODES_HELP = `Exit codes:
  0  done, also when there was nothing to do or a plan was asked for
  1  failed
  2  bad usage or config
  3  blocked: Curfew declined to act, and says why
  4  partial: some clusters got there and others did not, or one got there in part
`;

/** How it went with one cluster. */
export type Ending = "done" | "failed" | "blocked" | "partial";

/** A run's result as an ending. A run that yielded has done a part. */
export function endingOf(result: RunResult): Ending {
  switch (result) {
    case "completed":
    case "nothing-to-do":
    case "planned":
      return "done";
    case "yielded":
      return "partial";
    case "blocked":
    case "partial":
    case "failed":
      return result;
  }
}

/** The code for all clusters together: their common ending, else partial. Nothing to do for no cluster at all is done. */
export function exitCodeOf(endings: readonly Ending[]): ExitCode {
  const [first = "done"] = endings;
  return endings.every((ending) => ending === first) ? EXIT[first] : EXIT.partial;
}

/** How a failure ends for the cluster it concerns. */
export function endingOfFailure(failure: FailureInfo): Ending {
  return isBlocking(failure) ? "blocked" : "failed";
}

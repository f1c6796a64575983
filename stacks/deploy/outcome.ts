import { EXIT, exitCodeOf, type Ending, type ExitCode } from "../../runtime/cli/exit-codes.js";
import type { Change } from "./engine-events.js";
import { endingOfFault, type Fault } from "./fault.js";

/** How it went with one stack. */
export type StackOutcome =
  | { readonly kind: "unchanged" }
  /** Only shown, not done. */
  | { readonly kind: "previewed"; readonly changes: readonly Change[] }
  | { readonly kind: "changed"; readonly changes: readonly Change[] }
  /** Clusters, or parts of the hub, are not as they were left; in their words. */
  | { readonly kind: "drifted"; readonly words: readonly string[] }
  /** `changes` are those that were done, or at least begun. */
  | { readonly kind: "failed"; readonly fault: Fault; readonly changes: readonly Change[] }
  /** Not begun, because of something elsewhere. */
  | { readonly kind: "skipped"; readonly fault: Fault };

/** One stack and how it went. */
export interface StackResult {
  readonly stack: string;
  /** How many clusters it should hold. */
  readonly clusters: number;
  readonly outcome: StackOutcome;
}

/** The same result as a failure, unless it is one already or `fault` is undefined. */
export function failedBy(result: StackResult, fault: Fault | undefined): StackResult {
  const { outcome } = result;
  if (fault === undefined || outcome.kind === "failed" || outcome.kind === "skipped") return result;
  return { ...result, outcome: { kind: "failed", fault, changes: "changes" in outcome ? outcome.changes : [] } };
}

/** How it went with an environment as a whole. */
export interface EnvironmentResult {
  readonly environment: string;
  readonly stacks: readonly StackResult[];
  /** Why all of it stopped; absent when only single stacks have a tale to tell. */
  readonly fault?: Fault;
  readonly advice: readonly string[];
}

/** The exit code of a whole command. Drift anywhere is drift, also where the rest is as it was left. */
export function exitCodeOfResults(results: readonly EnvironmentResult[]): ExitCode {
  const faults = results.flatMap(({ fault }) => fault ?? []);
  if (faults.some((fault) => endingOfFault(fault) === "badUsage")) return EXIT.badUsage;
  const endings = results.flatMap(endingsOf);
  if (results.some(hasDrift) && !endings.includes("failed")) return EXIT.blocked;
  return exitCodeOf(endings);
}

function hasDrift({ stacks }: EnvironmentResult): boolean {
  return stacks.some(({ outcome }) => outcome.kind === "drifted");
}

/** Whether the environments that come after it may be begun. */
export function isSound(result: EnvironmentResult): boolean {
  return exitCodeOfResults([result]) === EXIT.done;
}

function endingsOf({ fault, stacks }: EnvironmentResult): readonly Ending[] {
  if (fault !== undefined) return [endingOf(fault)];
  return stacks.map(({ outcome }) => endingOfOutcome(outcome));
}

function endingOfOutcome(outcome: StackOutcome): Ending {
  if (outcome.kind === "drifted") return "blocked";
  return outcome.kind === "failed" || outcome.kind === "skipped" ? endingOf(outcome.fault) : "done";
}

function endingOf(fault: Fault): Ending {
  return endingOfFault(fault) === "blocked" ? "blocked" : "failed";
}

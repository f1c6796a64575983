import type { EngineProgress } from "./engine-events.js";
import type { LockHolder } from "./engine-faults.js";
import type { Fault } from "./fault.js";
import type { StackOutcome } from "./outcome.js";
import type { PolicyPack } from "./policy-pack.js";
import type { Project } from "./project.js";
import type { PulumiCli } from "./pulumi-cli.js";
import type { Patience } from "./retry.js";

/** Tells what happens while it happens; nothing secret comes through. */
export interface Reporter {
  /** `policyPack`: what the environment is held to. */
  environment(
    name: string,
    facts: { readonly stacks: number; readonly clusters: number; readonly policyPack?: PolicyPack },
  ): void;
  /** A phase of one stack begins, e.g. `preview`. */
  began(stack: string, phase: string): void;
  ended(stack: string, phase: string, outcome: StackOutcome["kind"]): void;
  /** What a stack's operation says. */
  progressOf(stack: string): EngineProgress;
  note(environment: string, text: string): void;
  /** From now on these values are kept out as well. */
  hide(secrets: readonly string[]): void;
}

/** What all parts of one command share. */
export interface Session {
  readonly project: Project;
  readonly cli: PulumiCli;
  readonly reporter: Reporter;
  readonly patience: Patience;
  /** Aborts when nothing more is to be begun. */
  readonly stopping: AbortSignal;
  /** Aborts to let what was begun stop at a safe point. */
  readonly signal: AbortSignal;
  readonly policyPack: PolicyPack;
  /** How many stacks at once. */
  readonly parallel: number;
  /** A folder of this command's own. */
  readonly folder: string;
  /** Asks for leave to go on; undefined: given. */
  readonly approve: (question: string) => Promise<Fault | undefined>;
  readonly mayFree: (holder: LockHolder) => boolean;
}

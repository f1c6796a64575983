import { once } from "node:events";
import { createInterface } from "node:readline/promises";

import type { Fault } from "./fault.js";
import { NOT_BEGUN } from "./interrupted.js";

/** Who may be asked. */
export interface ApprovalOptions {
  /** `--yes` was given. */
  readonly isGiven: boolean;
  /** The terminal; undefined when nobody sits there. */
  readonly terminal: { readonly input: NodeJS.ReadableStream; readonly output: NodeJS.WritableStream } | undefined;
  /** Aborts when nothing more is to be begun. */
  readonly stopping: AbortSignal;
}

/**
 * Asks for leave to change things. Without a person and without `--yes` there is none, nor once the command was told to stop,
 * be it while it asks.
 */
export function createApproval({
  isGiven,
  terminal,
  stopping,
}: ApprovalOptions): (question: string) => Promise<Fault | undefined> {
  return async (question) => {
    if (stopping.aborted) return NOT_BEGUN;
    if (isGiven) return undefined;
    if (terminal === undefined)
      return missing("Nobody approved it: --yes was not given, and there is no terminal to ask at.");
    return verdictOn(await ask(`${question} (yes/no) `, terminal, stopping), stopping);
  };
}

function verdictOn(answer: string, stopping: AbortSignal): Fault | undefined {
  if (stopping.aborted) return NOT_BEGUN;
  return /^y(es)?$/i.test(answer.trim()) ? undefined : missing("It was not approved.");
}

/** The answer; empty when none comes, because of Ctrl-C, the input's end, or a signal. */
async function ask(
  question: string,
  terminal: NonNullable<ApprovalOptions["terminal"]>,
  stopping: AbortSignal,
): Promise<string> {
  const lines = createInterface(terminal);
  const close = (): void => lines.close();
  stopping.addEventListener("abort", close, { once: true });
  try {
    // An interface that closes leaves its question open for ever, or rejects it (Ctrl-C).
    return await Promise.race([once(lines, "close").then(() => ""), lines.question(question)]);
  } finally {
    stopping.removeEventListener("abort", close);
    close();
  }
}

function missing(message: string): Fault {
  return {
    code: "approval-missing",
    message,
    remedy: "Read the preview above, then run the command again with --yes.",
  };
}

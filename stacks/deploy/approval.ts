import { createInterface } from "node:readline/promises";

import type { Fault } from "./fault.js";

/** Who may be asked. */
export interface ApprovalOptions {
  /** `--yes` was given. */
  readonly isGiven: boolean;
  /** The terminal; undefined when nobody sits there. */
  readonly terminal: { readonly input: NodeJS.ReadableStream; readonly output: NodeJS.WritableStream } | undefined;
}

/** Asks for leave to change things. Without a person and without `--yes` there is none. */
export function createApproval({
  isGiven,
  terminal,
}: ApprovalOptions): (question: string) => Promise<Fault | undefined> {
  return async (question) => {
    if (isGiven) return undefined;
    if (terminal === undefined)
      return missing("Nobody approved it: --yes was not given, and there is no terminal to ask at.");
    const lines = createInterface(terminal);
    try {
      const answer = await lines.question(`${question} (yes/no) `);
      return /^y(es)?$/i.test(answer.trim()) ? undefined : missing("It was not approved.");
    } finally {
      lines.close();
    }
  };
}

function missing(message: string): Fault {
  return {
    code: "approval-missing",
    message,
    remedy: "Read the preview above, then run the command again with --yes.",
  };
}

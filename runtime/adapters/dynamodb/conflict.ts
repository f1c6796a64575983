import { setTimeout as sleep } from "node:timers/promises";

import { TransactionCanceledException, TransactionConflictException } from "@aws-sdk/client-dynamodb";

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 400;
const MAX_ATTEMPTS = 8;

/**
 * Sends again when another write had the item at that moment: DynamoDB refuses one of two transactions that meet, and
 * single writes that meet one, and the SDK leaves it to us. Two seconds of pauses at most; then the conflict is thrown.
 */
export async function afterConflicts<T>(
  send: () => Promise<T>,
  pause: (ms: number) => Promise<unknown> = sleep,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await send();
    } catch (error) {
      if (attempt === MAX_ATTEMPTS || !isConflict(error)) throw error;
    }
    await pause(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt));
  }
}

/** A transaction that was cancelled for a failed condition is answered, not sent again. */
function isConflict(error: unknown): boolean {
  if (error instanceof TransactionConflictException) return true;
  if (!(error instanceof TransactionCanceledException)) return false;
  const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code);
  return !codes.includes("ConditionalCheckFailed") && codes.some((code) => code !== "None" && isPassing(code));
}

function isPassing(code: string | undefined): boolean {
  return code === "TransactionConflict" || code === "ThrottlingError" || code === "ProvisionedThroughputExceeded";
}

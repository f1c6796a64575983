import { setTimeout as sleep } from "node:timers/promises";
import type { LabProcess } from "./process-group.js";

const POLL_MS = 25;

/**
 * Waits until `probe` gives true; a probe that rejects counts as "not yet".
 * Rejects with the last lines of the process's log when it ended or `timeoutMs` has passed.
 */
export async function untilReady(
  process: LabProcess,
  probe: () => Promise<boolean>,
  timeoutMs = 60_000,
): Promise<void> {
  const deadlineAt = performance.now() + timeoutMs;
  for (;;) {
    if (await probe().catch(() => false)) return;
    const ended = process.ended();
    if (ended !== undefined || performance.now() > deadlineAt) {
      const what = ended ?? `not ready after ${timeoutMs} ms`;
      throw new Error(`${process.name}: ${what}; the end of its log:\n${await process.logTail()}`);
    }
    await sleep(POLL_MS);
  }
}

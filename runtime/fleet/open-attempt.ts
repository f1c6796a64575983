import { parseJournal } from "../cycle/index.js";
import type { CycleRecord } from "../ports/index.js";
import type { DesiredState } from "../schedule/index.js";

/** A hibernate or wake that has begun and not ended: it is under way, it yielded, or its process died. */
export interface OpenAttempt {
  readonly desired: DesiredState;
  readonly startedAt: number;
}

/** The attempt that a cycle's journal leaves open; null when there is none, or when the journal cannot be read. Pure. */
export function openAttempt(cycle: CycleRecord | undefined): OpenAttempt | null {
  if (cycle === undefined) return null;
  try {
    const { phase, attempt } = parseJournal(cycle.progress);
    return attempt && { desired: phase === "waking" ? "running" : "hibernated", startedAt: attempt.startedAt };
  } catch {
    return null;
  }
}

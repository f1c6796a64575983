import type { LockHolder } from "./engine-faults.js";

/** The computer and its processes. */
export interface ProcessTable {
  readonly host: string;
  /** Sends a signal; 0 only asks. Throws with code ESRCH when there is no such process. */
  readonly signal: (pid: number, signal: 0) => unknown;
}

/** Whether a lock's holder ran on this host and runs no more. In doubt it lives. */
export function isDeadHere({ host, pid }: Pick<LockHolder, "host" | "pid">, table: ProcessTable): boolean {
  if (host !== table.host) return false;
  try {
    table.signal(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

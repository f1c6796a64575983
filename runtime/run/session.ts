import type { Journal } from "../cycle/index.js";
import { parseJournal, serialiseJournal } from "../cycle/index.js";
import type { CycleRecord, Lease, Ports } from "../ports/index.js";
import { Failure } from "../ports/index.js";

/**
 * What a run holds while it works: the lease, and the open cycle's journal. Every write is fenced; the first
 * refused one ends the run (safe-cycle H1, S50).
 */
export interface Session {
  readonly lease: Lease;
  /** Renews the lease when a third of it has passed. Throws `Failure` lease-lost. Cheap to call often. */
  heartbeat(): Promise<void>;
  /** The journal as last saved. Throws when no cycle is open. */
  journal(): Journal;
  hasCycle(): boolean;
  cycleId(): string | null;
  /** Adopts an open cycle that was read or has just been opened. */
  adopt(cycle: CycleRecord): void;
  /** Saves a changed journal before it becomes the current one. No write when nothing changed. */
  update(change: (journal: Journal) => Journal): Promise<void>;
  /** Closes the cycle (safe-cycle W24). */
  retire(): Promise<void>;
}

const LOST = {
  code: "lease-lost",
  message: "Another operation took over this cluster while this one was paused.",
  remedy: "Nothing more was changed by this run; `curfew status` shows who works on the cluster now.",
} as const;

/** Wraps an acquired lease. */
export function openSession(lease: Lease, leaseMs: number, ports: Pick<Ports, "clock" | "store">): Session {
  const { clock, store } = ports;
  let renewedAt = clock.now();
  let open: { readonly cycleId: string; journal: Journal } | null = null;

  const current = () => {
    if (open === null) throw new Error("no cycle is open in this session");
    return open;
  };

  return {
    lease,
    async heartbeat() {
      if (clock.now() - renewedAt < leaseMs / 3) return;
      const now = clock.now();
      if ((await store.renewLease(lease, now + leaseMs)) === "lost") throw new Failure(LOST);
      renewedAt = now;
    },
    journal: () => current().journal,
    hasCycle: () => open !== null,
    cycleId: () => open?.cycleId ?? null,
    adopt(cycle) {
      open = { cycleId: cycle.cycleId, journal: parseJournal(cycle.progress) };
    },
    async update(change) {
      const cycle = current();
      const next = change(cycle.journal);
      if (next === cycle.journal) return;
      const answer = await store.saveProgress(lease, cycle.cycleId, serialiseJournal(next));
      if (answer === "fenced") throw new Failure(LOST);
      cycle.journal = next;
    },
    async retire() {
      if (open === null) return;
      const answer = await store.retireCycle(lease, open.cycleId, clock.now());
      if (answer === "fenced") throw new Failure(LOST);
      open = null;
    },
  };
}

/** The failure of a write that the store refused because the lease is another's now. */
export function leaseLost(): Failure {
  return new Failure(LOST);
}

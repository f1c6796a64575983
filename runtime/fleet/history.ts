import type { CycleRecord, RetiredCycle } from "../ports/index.js";
import type { RunReport } from "../run/index.js";
import type { NotedHold } from "./hold.js";

/** One thing that happened to a cluster; instants in epoch milliseconds. */
export type HistoryEvent =
  /** In force now; `at` is null when its beginning was not written down. */
  | { readonly kind: "held"; readonly at: number | null; readonly hold: NotedHold }
  | { readonly kind: "run"; readonly at: number; readonly report: RunReport }
  | { readonly kind: "cycle-opened"; readonly at: number; readonly cycleId: string }
  | { readonly kind: "cycle-retired"; readonly at: number; readonly cycleId: string; readonly openedAt: number };

/** What is remembered of one cluster. */
export interface HistoryFacts {
  /** In force now. */
  readonly hold: NotedHold | null;
  readonly reports: readonly RunReport[];
  readonly open: CycleRecord | undefined;
  readonly retired: readonly RetiredCycle[];
}

/** A cluster's timeline from `since` on, newest first; the hold in force leads it, however old. Pure. */
export function listHistory({ hold, reports, open, retired }: HistoryFacts, since: number): readonly HistoryEvent[] {
  const cycles = open === undefined ? retired : [open, ...retired];
  const past = [
    ...reports.map((report) => ({ kind: "run", at: report.finishedAt, report }) as const),
    ...retired.map(
      ({ cycleId, openedAt, retiredAt: at }) => ({ kind: "cycle-retired", at, cycleId, openedAt }) as const,
    ),
    ...cycles.map(({ cycleId, openedAt: at }) => ({ kind: "cycle-opened", at, cycleId }) as const),
  ];
  const held = hold === null ? [] : [{ kind: "held", at: hold.notedAt, hold } as const];
  return [...held, ...past.filter(({ at }) => at >= since).sort((a, b) => b.at - a.at)];
}

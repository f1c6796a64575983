import type { Announcement, FleetStore, Ledger } from "../ports/index.js";
import { readOverview, type FleetView } from "./read-overview.js";
import { tellOnce, type TellOncePorts } from "./tell-once.js";

export interface SummaryPorts extends TellOncePorts {
  readonly fleet: Pick<FleetStore, "listEntries">;
  readonly ledger: Ledger;
}

/** So many failures are counted by their codes; in a larger fire the codes of the first thousand say enough. */
const COUNTED_FAILURES = 1000;

/**
 * Tells once a day, from `hour` (UTC) on, how the fleet stands; at the other ticks it reads one page of the ledger at most.
 * A hub that was away at that hour tells later the same day. Reads the whole fleet, page by page. Answers whether it told.
 * Throws `Failure` store-unavailable: the next tick tries again.
 */
export async function tellDailySummary(now: number, hour: number, ports: SummaryPorts): Promise<boolean> {
  const at = new Date(now);
  if (at.getUTCHours() < hour) return false;
  const question = { now, accounts: [], standing: "failed", limit: COUNTED_FAILURES } as const;
  const what = at.toISOString().slice(0, "2026-01-31".length);
  return tellOnce(
    { topic: "daily-summary", what },
    async () => dailySummary(await readOverview(question, ports, () => undefined), now),
    ports,
  );
}

/** A fleet of which all that failed is listed, in one sentence and in numbers. Pure. */
function dailySummary(view: FleetView, now: number): Announcement {
  const { totals, circuits, slowed } = view;
  const clusters = Object.values(totals).reduce((sum, count) => sum + count, 0);
  const codes = countCodes(view);
  const words = [...codes].map(([code, count]) => `${count} ${code}`).join(", ");
  const accounts = circuits.map(({ account }) => account).join(", ");
  const standings = [
    `${totals["in-state"]} as wanted`,
    `${totals.converging} under way`,
    `${totals.late} late`,
    `${totals.failed} failed${words === "" ? "" : ` (${words})`}`,
  ];
  return {
    kind: "daily-summary",
    clusterId: null,
    at: now,
    message: `Of ${clusters} clusters ${standings.join(", ")}.${accounts === "" ? "" : ` Left alone for now: account ${accounts}.`}`,
    data: {
      clusters,
      inState: totals["in-state"],
      converging: totals.converging,
      late: totals.late,
      failed: totals.failed,
      openCircuits: circuits.length,
      slowedAccounts: new Set(slowed.map(({ account }) => account)).size,
      ...Object.fromEntries([...codes].map(([code, count]) => [`failed.${code}`, count])),
    },
  };
}

/** The most frequent first. */
function countCodes({ listed }: FleetView): ReadonlyMap<string, number> {
  const byCode = Map.groupBy(listed, ({ entry }) => entry.lastCode ?? "internal");
  const counts = [...byCode].map(([code, those]) => [code, those.length] as const);
  return new Map(counts.sort(([one, some], [other, more]) => more - some || (one < other ? -1 : 1)));
}

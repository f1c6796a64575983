import type { FleetEntry, FleetStore, Ledger } from "../ports/index.js";
import { listOpenCircuits, type OpenCircuit } from "./breaker/index.js";
import { addToOverview, EMPTY_OVERVIEW, type FleetOverview, type OverviewQuestion } from "./overview.js";
import { listSlowed, type SlowedBucket } from "./pace/index.js";

/** A fleet as its table has it. */
export interface FleetView extends FleetOverview {
  /** Accounts that are kept away from. */
  readonly circuits: readonly OpenCircuit[];
  /** Accounts that are asked more slowly than usual. */
  readonly slowed: readonly SlowedBucket[];
}

export interface FleetQuestion extends OverviewQuestion {
  /** Only these accounts; none: all. */
  readonly accounts: readonly string[];
}

interface OverviewPorts {
  readonly fleet: Pick<FleetStore, "listEntries">;
  readonly ledger: Pick<Ledger, "list">;
}

const PAGE_SIZE = 500;

/**
 * Reads the fleet page by page, so that ten thousand clusters need no more memory than a hundred. Asks the table alone.
 * `onRead` hears after each page how many clusters were read so far. Throws `Failure` store-unavailable.
 */
export async function readOverview(
  question: FleetQuestion,
  { fleet, ledger }: OverviewPorts,
  onRead: (clusters: number) => void,
): Promise<FleetView> {
  const accounts = new Set(question.accounts);
  const isAsked = ({ account }: { readonly account: string }) => accounts.size === 0 || accounts.has(account);
  const [circuits, slowed] = await Promise.all([listOpenCircuits(ledger), listSlowed(ledger, question.now)]);
  let overview = EMPTY_OVERVIEW;
  let clusters = 0;
  for (const prefix of accounts.size === 0 ? [""] : [...accounts].map((account) => `${account}/`)) {
    for await (const page of pagesOf(fleet, prefix)) {
      overview = addToOverview(overview, page, question);
      onRead((clusters += page.length));
    }
  }
  return { ...overview, circuits: circuits.filter(isAsked), slowed: slowed.filter(isAsked) };
}

/** All entries whose id begins with `prefix`, which come after it and before all others. */
async function* pagesOf(fleet: OverviewPorts["fleet"], prefix: string): AsyncGenerator<readonly FleetEntry[]> {
  let after = prefix;
  for (;;) {
    // Not until one is short: of a full page some may have gone before they were read.
    const entries = await fleet.listEntries(after, PAGE_SIZE);
    const page = entries.filter(({ clusterId }) => clusterId.startsWith(prefix));
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    if (page.length < entries.length) return;
    after = last.clusterId;
  }
}

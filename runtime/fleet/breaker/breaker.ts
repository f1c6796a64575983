import type { Ledger } from "../../ports/index.js";
import { amendPage, type LedgerPorts } from "../amend-page.js";
import { admit, learn, markPutOff, type Admission, type Circuit, type Outcome } from "./circuit.js";
import { readCircuit, writeCircuit } from "./circuit-page.js";

/**
 * Keeps work away from accounts that refuse or throttle everything, so that their faults neither cost the neighbours
 * capacity nor go on for ever. A ledger that fails counts as a closed circuit: bookkeeping stops no work. Never throws.
 */
export interface Breaker {
  /** Whether to work on the account now. Of many who ask at the right moment one is told `probe`, the others `open`. */
  check(account: string): Promise<Admission>;
  /** How a run on the account ended. Says what that changed, so that it can be announced. */
  note(account: string, outcome: Outcome): Promise<{ readonly opened: boolean; readonly closed: boolean }>;
  /** A wake waits for the circuit. Answers whether people are to be told: the first time in each opening, and in doubt. */
  putOff(account: string): Promise<boolean>;
}

/** An account whose circuit is not closed. */
export type OpenCircuit = Exclude<Circuit, { readonly state: "closed" }> & { readonly account: string };

const PREFIX = "breaker/";

/** The breaker of every account on one ledger, for any number of processes. */
export function createBreaker(ports: LedgerPorts): Breaker {
  function amend<T>(account: string, change: (circuit: Circuit) => readonly [Circuit, T], otherwise: T): Promise<T> {
    const amended = amendPage(
      PREFIX + account,
      (body) => {
        const before = readCircuit(body);
        const [circuit, result] = change(before);
        return { body: circuit === before ? null : writeCircuit(circuit), result };
      },
      ports,
    );
    return amended.catch(() => otherwise);
  }

  return {
    check: (account) =>
      amend<Admission>(
        account,
        (before) => {
          const { circuit, admission } = admit(before, ports.clock.now());
          return [circuit, admission];
        },
        { kind: "closed" },
      ),
    note: (account, outcome) =>
      amend(
        account,
        (before) => {
          const after = learn(before, outcome, ports.clock.now());
          return [after, { opened: isOpened(before, after), closed: isClosed(before, after) }];
        },
        { opened: false, closed: false },
      ),
    putOff: (account) =>
      amend(
        account,
        (before) => {
          const { circuit, isFirst } = markPutOff(before);
          return [circuit, isFirst];
        },
        true,
      ),
  };
}

/** Accounts that are kept away from now, for people's lists. Throws `Failure` store-unavailable. */
export async function listOpenCircuits(ledger: Pick<Ledger, "list">): Promise<readonly OpenCircuit[]> {
  const pages = await ledger.list(PREFIX);
  return pages.flatMap(({ key, body }) => {
    const circuit = readCircuit(body);
    return circuit.state === "closed" ? [] : [{ account: key.slice(PREFIX.length), ...circuit }];
  });
}

/** A probe that failed opens nothing that was not open before. */
function isOpened(before: Circuit, after: Circuit): boolean {
  return before.state === "closed" && after.state === "open";
}

function isClosed(before: Circuit, after: Circuit): boolean {
  return before.state !== "closed" && after.state === "closed";
}

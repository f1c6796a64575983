/** How a run on an account ended, as far as the account's health is concerned. */
export type Outcome = "ok" | "auth" | "throttled" | "other";

/** What opened a circuit. */
export type Trouble = Exclude<Outcome, "ok" | "other">;

/** The circuit breaker of one account. Plain JSON data; instants in epoch milliseconds. */
export type Circuit =
  | {
      readonly state: "closed";
      /** Refusals in a row. */
      readonly refusals: number;
      /** Runs since the first that was throttled; null while none was. */
      readonly throttles: { readonly since: number; readonly runs: number; readonly throttled: number } | null;
    }
  | (Opened & { readonly state: "open" })
  /** One run is trying; until `until` nobody else does. */
  | (Opened & { readonly state: "half-open" });

interface Opened {
  readonly until: number;
  readonly trouble: Trouble;
  /** Since when it is not closed, whatever probes have failed since. */
  readonly openedAt: number;
  /** How many times in a row it was opened: each probe that fails doubles the pause. */
  readonly openings: number;
  /** People know that this opening puts off wakes. */
  readonly isPutOffTold: boolean;
}

/** What somebody who wants to work on the account is told. */
export type Admission =
  { readonly kind: "closed" } | { readonly kind: "probe" } | { readonly kind: "open"; readonly until: number };

export const CLOSED: Circuit = { state: "closed", refusals: 0, throttles: null };

const REFUSALS_TO_OPEN = 5;
/** Share of runs that end throttled, of at least so many within so long. */
const THROTTLED_SHARE = 0.5;
const THROTTLED_TO_OPEN = 5;
const THROTTLE_WINDOW_MS = 5 * 60_000;
const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 30 * 60_000;
/** A probe that says nothing for so long has died with its process; above an invocation's 15 minutes (aws.md §5). */
const PROBE_LIFE_MS = 16 * 60_000;
/** When to ask again while somebody else's probe is out. */
const ASK_AGAIN_MS = 60_000;

/** Whether to work on the account now. The circuit that comes back is to be kept before a probe begins. */
export function admit(circuit: Circuit, now: number): { readonly circuit: Circuit; readonly admission: Admission } {
  if (circuit.state === "closed") return { circuit, admission: { kind: "closed" } };
  if (now >= circuit.until) {
    const probing: Circuit = { ...circuit, state: "half-open", until: now + PROBE_LIFE_MS };
    return { circuit: probing, admission: { kind: "probe" } };
  }
  const until = circuit.state === "open" ? circuit.until : Math.min(circuit.until, now + ASK_AGAIN_MS);
  return { circuit, admission: { kind: "open", until } };
}

/** The circuit after it has put off a wake, and whether that is its first. One that has closed meanwhile remembers nothing. */
export function markPutOff(circuit: Circuit): { readonly circuit: Circuit; readonly isFirst: boolean } {
  if (circuit.state === "closed") return { circuit, isFirst: true };
  return circuit.isPutOffTold
    ? { circuit, isFirst: false }
    : { circuit: { ...circuit, isPutOffTold: true }, isFirst: true };
}

/**
 * The circuit after a run. Opens after 5 refusals in a row, or when half of at least 5 runs within 5 minutes end throttled;
 * a probe closes it unless it meets the same trouble. What began before the circuit opened changes nothing.
 */
export function learn(circuit: Circuit, outcome: Outcome, now: number): Circuit {
  switch (circuit.state) {
    case "open":
      return circuit;
    case "half-open":
      return outcome === "ok" || outcome === "other" ? CLOSED : openAgain(circuit, outcome, now);
    case "closed":
      return learnClosed(circuit, outcome, now);
  }
}

function learnClosed(circuit: Extract<Circuit, { state: "closed" }>, outcome: Outcome, now: number): Circuit {
  const refusals = outcome === "auth" ? circuit.refusals + 1 : outcome === "other" ? circuit.refusals : 0;
  const throttles = countThrottles(circuit.throttles, outcome, now);
  if (refusals >= REFUSALS_TO_OPEN) return open("auth", now);
  if (throttles && throttles.throttled >= THROTTLED_TO_OPEN && throttles.throttled >= throttles.runs * THROTTLED_SHARE)
    return open("throttled", now);
  const isSame = refusals === circuit.refusals && throttles === circuit.throttles;
  return isSame ? circuit : { state: "closed", refusals, throttles };
}

type Throttles = Extract<Circuit, { state: "closed" }>["throttles"];

function countThrottles(before: Throttles, outcome: Outcome, now: number): Throttles {
  const isOver = before !== null && now - before.since > THROTTLE_WINDOW_MS;
  const current = isOver ? null : before;
  if (current === null && outcome !== "throttled") return null;
  const { since, runs, throttled } = current ?? { since: now, runs: 0, throttled: 0 };
  return { since, runs: runs + 1, throttled: throttled + (outcome === "throttled" ? 1 : 0) };
}

function open(trouble: Trouble, now: number): Circuit {
  const until = now + FIRST_PAUSE_MS;
  return { state: "open", until, trouble, openedAt: now, openings: 1, isPutOffTold: false };
}

function openAgain(circuit: Opened, trouble: Trouble, now: number): Circuit {
  const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** circuit.openings);
  return { ...circuit, state: "open", until: now + pauseMs, trouble, openings: circuit.openings + 1 };
}

import type { FailureCode, Settlement } from "../../ports/index.js";
import type { RunReport } from "../../run/index.js";
import { attemptsBefore, settledAs, unsettledAs, type Look } from "./look.js";

/** How many attempts a wish gets in a row; after that it is tried at the hourly rechecks only. */
export const ATTEMPTS = 5;

const FIRST_BACK_OFF_MS = 5 * 60_000;
const LONGEST_BACK_OFF_MS = 60 * 60_000;
/** How long to leave a cluster to an operation whose lease is not known. */
const LEAVE_MS = 60_000;
/** Many may wait for one lease: they do not ask in the same moment. */
const AFTER_LEASE_MS = 5000;
/** From one hop to the next: 15 to 60 s (aws.md §5). */
const HOP_SECONDS = { from: 15, to: 60 } as const;

/** What becomes of a cluster after a run. */
export type AfterRun =
  /** Done for now, well or badly. */
  | { readonly kind: "settle"; readonly settlement: Settlement }
  /** The same operation goes on in a message to come; the settlement is for the case that it is lost. */
  | { readonly kind: "again"; readonly delaySeconds: number; readonly settlement: Settlement }
  /** Somebody else works on it: look again when their lease ends, and write nothing of what they may know better. */
  | { readonly kind: "leave"; readonly at: number };

/** What a run left behind, seen at its end. */
export interface Ended extends Look {
  readonly report: RunReport;
  /** Until when another operation holds the lease, if it renews it no more; null when none does. */
  readonly heldUntil: number | null;
  /** A number in [0, 1) for jitter. */
  readonly jitter: number;
}

/** Codes that say that another operation has the cluster. */
const TAKEN: ReadonlySet<FailureCode> = new Set(["lease-held", "lease-lost"]);

/**
 * Decides what to write and whether to go on. Pure. The wish is the one at the run's end: when the wish has changed meanwhile, the
 * operation goes on at once towards the new one, whatever became of the old.
 */
export function afterRun(ended: Ended): AfterRun {
  const { report, wish, now, jitter, heldUntil } = ended;
  const code = report.failure?.code ?? null;
  if (code !== null && TAKEN.has(code)) {
    return { kind: "leave", at: Math.max(now, heldUntil ?? now + LEAVE_MS) + Math.round(jitter * AFTER_LEASE_MS) };
  }
  if (code === "cluster-excluded") return { kind: "settle", settlement: { ...settledAs(ended), lastCode: code } };
  if (report.desired !== wish.state) return goOn(ended, 0);
  if (isUnfinished(report))
    return goOn(ended, Math.round(HOP_SECONDS.from + jitter * (HOP_SECONDS.to - HOP_SECONDS.from)));
  if (isConverged(report)) return { kind: "settle", settlement: { ...settledAs(ended), ...sizeOf(ended) } };
  return { kind: "settle", settlement: failedAs(ended, code) };
}

/** Whether the run left the cluster as it is wanted; also one that is left otherwise on purpose (safe-cycle W3). */
export function isConverged({ result }: Pick<RunReport, "result">): boolean {
  return result === "completed" || result === "nothing-to-do";
}

function isUnfinished({ result, failure }: RunReport): boolean {
  return result === "yielded" || failure?.code === "cancelled";
}

/** If the message is lost, the cluster is due a tick after it should have come. */
function goOn(ended: Ended, delaySeconds: number): AfterRun {
  const { entry, now, rhythm } = ended;
  const before = attemptsBefore(ended);
  const retryAt = now + (delaySeconds + rhythm.tickSeconds) * 1000;
  const settlement = unsettledAs(ended, { attempts: before, lastCode: before > 0 ? entry.lastCode : null }, retryAt);
  return { kind: "again", delaySeconds, settlement };
}

function failedAs(ended: Ended, code: FailureCode | null): Settlement {
  const attempts = attemptsBefore(ended) + 1;
  const backOffMs = Math.min(FIRST_BACK_OFF_MS * 2 ** (attempts - 1), LONGEST_BACK_OFF_MS);
  const retryAt = attempts < ATTEMPTS ? ended.now + Math.round(backOffMs * (1 + ended.jitter / 10)) : null;
  return { ...unsettledAs(ended, { attempts, lastCode: code ?? "internal" }, retryAt), ...sizeOf(ended) };
}

/**
 * Node groups, and the nodes that they have when awake; a report without groups has not looked. A sleep may have been seen half
 * way only, or from its end, where there are none: it never makes a cluster smaller.
 */
function sizeOf({ report: { groups, desired }, entry }: Ended): Partial<Settlement> {
  if (groups.length === 0) return {};
  const awake = groups.map(({ before, after }) => Math.max(before.desired, after?.desired ?? 0));
  const seen = awake.reduce((sum, count) => sum + count, 0);
  const nodes = desired === "running" ? seen : Math.max(seen, entry.nodes ?? 0);
  return { groups: groups.length, ...(nodes > 0 ? { nodes } : {}) };
}

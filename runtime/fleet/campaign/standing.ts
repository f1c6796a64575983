import type { FailureCode, FleetEntry } from "../../ports/index.js";
import type { DesiredState, Hold } from "../../schedule/index.js";
import type { NotedHold } from "../hold.js";
import { ATTEMPTS } from "../worker/after-run.js";

/** How a cluster of a campaign stands, by what the hub's table says of it. */
export type CampaignStanding =
  | { readonly kind: "there" }
  | { readonly kind: "on-the-way" }
  /** It was redriven after it failed: the hub has to hear of the hold anew, to begin its attempts anew. */
  | { readonly kind: "begin-again" }
  /** It will not get there by waiting. */
  | { readonly kind: "over"; readonly code: FailureCode; readonly why: string };

/** What is known of a cluster of a campaign at `now`. Instants in epoch milliseconds. */
export interface CampaignLook {
  /** Undefined: not registered (any more). */
  readonly entry: FleetEntry | undefined;
  /** The hold that is in force. */
  readonly noted: NotedHold | undefined;
  /** The campaign's own. */
  readonly hold: Hold;
  /** When the campaign came to this cluster. */
  readonly begunAt: number;
  /** When Step Functions was last told to try again what failed; null: never. */
  readonly redrivenAt: number | null;
  readonly deadlineSeconds: number;
  readonly now: number;
}

/**
 * Decides. Pure. Failures that the hub tries again are waited for; `cancelled` means that somebody's later hold, or release,
 * wins over the campaign's.
 */
export function campaignStanding(look: CampaignLook): CampaignStanding {
  const { entry, noted, hold, redrivenAt, now } = look;
  if (entry === undefined) return over("cluster-unknown", "it is not registered with the hub any more");
  if (now >= hold.until) return over("timed-out", "the hold has ended");
  if (noted === undefined || !isSameHold(noted, hold)) {
    return over("cancelled", "somebody has replaced or released the campaign's hold");
  }
  if (isThere(entry, hold.state)) return { kind: "there" };
  if (redrivenAt !== null && (noted.notedAt ?? 0) < redrivenAt) return { kind: "begin-again" };
  return whileAway(entry, deadlineOf(look) <= now);
}

function whileAway({ lastCode, attempts, wanted }: FleetEntry, isLate: boolean): CampaignStanding {
  if (lastCode !== null && wanted === null) return over(lastCode, "the hub leaves it alone");
  if (lastCode !== null && attempts >= ATTEMPTS) return over(lastCode, `${attempts} attempts failed`);
  if (!isLate) return { kind: "on-the-way" };
  return over("timed-out", lastCode === null ? "it is not there in time" : `not in time; last failure: ${lastCode}`);
}

/** Whether the hub has found a cluster in the state that is wanted of it by a campaign. */
export function isThere({ wanted, unconvergedSince }: FleetEntry, state: DesiredState): boolean {
  return wanted === state && unconvergedSince === null;
}

function isSameHold(a: Hold, b: Hold): boolean {
  return a.state === b.state && a.until === b.until && a.reason === b.reason && a.owner === b.owner;
}

/** What is redriven gets its whole time once more. */
function deadlineOf({ begunAt, redrivenAt, deadlineSeconds }: CampaignLook): number {
  return Math.max(begunAt, redrivenAt ?? 0) + deadlineSeconds * 1000;
}

const over = (code: FailureCode, why: string): CampaignStanding => ({ kind: "over", code, why });

/** What decides how soon the cluster is looked at again. */
export interface PollFacts {
  readonly now: number;
  /** Pods of the open tiers not tried yet, or being tried. */
  readonly untried: number;
  /** Pods that refuse to leave for now. */
  readonly held: number;
  readonly leaving: number;
  /** Nodes without pods whose volumes are waited for. */
  readonly detaching: number;
  /** When volumes may be read that nobody has read since their node's last pod went; null when there are none such. */
  readonly volumesDueAt: number | null;
  readonly lastAcceptedAt: number;
  readonly lookedAt: number;
  /** When the last cordoned node has settled; null when all have. */
  readonly settledAt: number | null;
}

const USUAL_MS = 1000;
/** Evictions are under way and tell their own answers: a look only confirms what has ended. */
const BUSY_MS = 2000;
const NEAR_THE_END_MS = 250;
/** Nothing is about to change: only time or a person frees what is held. */
const HELD_MS = 2000;
/** "Near the end" is a few pods, not long after the last of them was told to go: long graces are not stared at. */
const FEW_PODS = 200;
const FRESH_MS = 10_000;

/** How long after the last look the next one is due, in ms (safe-cycle 47). */
export function nextLookAfterMs(facts: PollFacts): number {
  const { untried, held, leaving, detaching, settledAt, volumesDueAt, lookedAt } = facts;
  if (untried > 0) return BUSY_MS;
  if (leaving > 0) return isNearTheEnd(facts) ? NEAR_THE_END_MS : USUAL_MS;
  if (held === 0 && volumesDueAt !== null) return Math.min(HELD_MS, Math.max(NEAR_THE_END_MS, volumesDueAt - lookedAt));
  if (held + detaching > 0) return HELD_MS;
  // Only the settling time is left: look right when it is over (safe-cycle 21).
  return settledAt === null ? USUAL_MS : Math.max(0, settledAt - lookedAt);
}

function isNearTheEnd({ leaving, now, lastAcceptedAt }: PollFacts): boolean {
  return leaving <= FEW_PODS && now - lastAcceptedAt < FRESH_MS;
}

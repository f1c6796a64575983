import type { DesiredState, Hold, Transition, Verdict } from "../schedule/index.js";
import { isoOf } from "./instant.js";

/** What is wanted of a cluster, as `--json` carries it: instants are ISO 8601 in UTC; all null for an excluded cluster. */
export interface WishEntry {
  readonly wanted: DesiredState | null;
  readonly rule: string | null;
  readonly next: TransitionEntry | null;
  readonly hold: (Omit<Hold, "until"> & { readonly until: string }) | null;
}

interface TransitionEntry {
  readonly at: string;
  readonly to: DesiredState;
  readonly rule: string;
}

/** A verdict and the hold that is in force with it; null for an excluded cluster. */
export function wishEntry(wish: { readonly verdict: Verdict; readonly hold: Hold | null } | null): WishEntry {
  if (wish === null) return { wanted: null, rule: null, next: null, hold: null };
  const { verdict, hold } = wish;
  return {
    wanted: verdict.state,
    rule: verdict.rule,
    next: verdict.next === null ? null : transitionEntry(verdict.next),
    hold: hold === null ? null : holdEntry(hold),
  };
}

function transitionEntry({ at, to, rule }: Transition): TransitionEntry {
  return { at: isoOf(at), to, rule };
}

function holdEntry({ state, until, reason, owner }: Hold): NonNullable<WishEntry["hold"]> {
  return { state, until: isoOf(until), reason, owner };
}

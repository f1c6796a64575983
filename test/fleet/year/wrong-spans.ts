import type { DesiredState } from "../../../runtime/schedule/index.js";

/** From `at` on. */
export interface Stretch {
  readonly at: number;
  readonly state: DesiredState;
}

/** A time during which a cluster was not in the state wanted. */
export interface WrongSpan {
  readonly fromAt: number;
  readonly toAt: number;
  readonly wanted: DesiredState;
}

/** What counts as wrong. */
export interface Measure {
  readonly untilAt: number;
  /** How early a cluster may be awake before its window: that is how it comes to be usable when the window begins. */
  readonly aheadMs: number;
}

/** Where what was differs from what was wanted; both in order of time and beginning at the same instant. */
export function wrongSpans(
  wanted: readonly Stretch[],
  actual: readonly Stretch[],
  { untilAt, aheadMs }: Measure,
): readonly WrongSpan[] {
  const spans: WrongSpan[] = [];
  const endOf = (stretches: readonly Stretch[], index: number): number => stretches[index + 1]?.at ?? untilAt;
  let first = 0;
  for (const [index, { at: wantedAt, state }] of wanted.entries()) {
    const wantedEnd = endOf(wanted, index);
    const aheadAt = state === "hibernated" && wanted[index + 1] !== undefined ? wantedEnd - aheadMs : wantedEnd;
    while (endOf(actual, first) <= wantedAt && first + 1 < actual.length) first += 1;
    for (let piece = first; (actual[piece]?.at ?? Infinity) < wantedEnd; piece += 1) {
      const was = actual[piece]!;
      const fromAt = Math.max(wantedAt, was.at);
      const toAt = Math.min(wantedEnd, endOf(actual, piece));
      if (was.state !== state && fromAt < toAt && was.at < aheadAt) spans.push({ fromAt, toAt, wanted: state });
    }
  }
  return spans;
}

import { firingAfter, firingAtOrBefore } from "./cron-times.js";
import type { WallSpan } from "./wall-span.js";
import { compileWeek, weekSpanAt } from "./week-pattern.js";
import type { WeekPattern } from "./week-pattern.js";
import type { DatedWindow, Window } from "./window.js";

/** The union of a schedule's windows, before holidays. */
export type WindowPattern =
  | { readonly kind: "constant"; readonly span: WallSpan }
  | {
      readonly kind: "changing";
      /** Null when no window is weekly. */
      readonly week: WeekPattern | null;
      readonly dated: readonly DatedWindow[];
    };

/** A pattern that never changes. */
export const constantPattern = (isOpen: boolean, rule: string): WindowPattern => ({
  kind: "constant",
  span: { isOpen, rule, fromWallMs: -Infinity, toWallMs: Infinity },
});

/** Compiles at least one window. */
export function compilePattern(windows: readonly Window[]): WindowPattern {
  const weekly = windows.filter((window) => window.kind === "weekly");
  const pattern: WindowPattern = {
    kind: "changing",
    week: weekly.length === 0 ? null : compileWeek(weekly),
    dated: windows.filter((window) => window.kind === "dated"),
  };
  // Without this, windows that close the week together would be walked along for ever.
  return pattern.dated.length > 0 && isNeverClosed(pattern) ? constantPattern(true, "windows without a gap") : pattern;
}

/** A stretch of equal state that holds the wall time; the one before or after it may be of the same state. */
export function patternSpanAt(pattern: WindowPattern, wallMs: number): WallSpan {
  if (pattern.kind === "constant") return pattern.span;
  const { week, dated } = pattern;
  const spans = dated.map((window) => datedSpanAt(window, wallMs));
  if (week !== null) spans.push(weekSpanAt(week, wallMs));
  return spans.reduce(unite);
}

/** Open wins; of two open ones the one that stays open longer, of two closed ones what both agree on. */
function unite(one: WallSpan, other: WallSpan): WallSpan {
  if (one.isOpen !== other.isOpen) return one.isOpen ? one : other;
  if (one.isOpen) return one.toWallMs >= other.toWallMs ? one : other;
  return {
    isOpen: false,
    rule: one.fromWallMs >= other.fromWallMs ? one.rule : other.rule,
    fromWallMs: Math.max(one.fromWallMs, other.fromWallMs),
    toWallMs: Math.min(one.toWallMs, other.toWallMs),
  };
}

/** A start at the very moment of a stop opens anew, since a window closes at the next stop *after* it. */
function datedSpanAt({ start, stop, label }: DatedWindow, wallMs: number): WallSpan {
  const lastStop = firingAtOrBefore(stop, wallMs);
  const isOpen = firingAtOrBefore(start, wallMs) >= lastStop;
  return isOpen
    ? {
        isOpen,
        rule: label,
        fromWallMs: firingAfter(start, lastStop - 1),
        toWallMs: firingAfter(stop, wallMs),
      }
    : {
        isOpen,
        rule: `end of ${label}`,
        fromWallMs: lastStop,
        toWallMs: firingAfter(start, wallMs),
      };
}

/** 28 years from 2001: every weekday has met every date, so what has no gap here has none till 2100. */
const SURVEY_FROM_WALL_MS = Date.UTC(2001, 0, 1);
const SURVEY_TO_WALL_MS = Date.UTC(2029, 0, 1);

function isNeverClosed(pattern: WindowPattern): boolean {
  let wallMs = SURVEY_FROM_WALL_MS;
  while (wallMs < SURVEY_TO_WALL_MS) {
    const span = patternSpanAt(pattern, wallMs);
    if (!span.isOpen) return false;
    wallMs = span.toWallMs;
  }
  return true;
}

import { lastIndexAtOrBelow } from "./sorted.js";
import { MINUTE_MS, positiveRemainder } from "./wall-time.js";
import type { WallSpan } from "./wall-span.js";
import { WEEK_MINUTES } from "./week-interval.js";
import type { WeekInterval } from "./week-interval.js";
import type { WeeklyWindow } from "./window.js";

/** The union of all weekly windows: pieces that cover the week without gap or overlap, ascending. */
export type WeekPattern = readonly WeekPiece[];

/** A piece of the week within which nothing opens or closes. Minutes of the week. */
interface WeekPiece {
  readonly fromMinute: number;
  readonly isOpen: boolean;
  readonly rule: string;
  /** The stretch of equal state around the piece; may reach into the weeks beside it, or for ever. */
  readonly runFromMinute: number;
  readonly runToMinute: number;
}

/** Compiles the union once, so that a question costs one search in a short list. */
export function compileWeek(windows: readonly WeeklyWindow[]): WeekPattern {
  const openings = longestPerEnd(
    windows.flatMap(({ intervals, label }) => intervals.map((interval) => ({ ...interval, label }))),
  );
  const cuts = new Set([0]);
  for (const opening of openings) cuts.add(opening.fromMinute).add(endOf(opening));
  const pieces = [...cuts]
    .sort((one, other) => one - other)
    .map((fromMinute) => ({ fromMinute, ...stateAt(openings, fromMinute) }));
  return withRuns(pieces);
}

/** The stretch of equal state around a wall time, as far as weekly windows decide. */
export function weekSpanAt(pattern: WeekPattern, wallMs: number): WallSpan {
  const pastMs = positiveRemainder(wallMs, WEEK_MINUTES * MINUTE_MS);
  const minute = pastMs / MINUTE_MS;
  const piece = pattern[lastIndexAtOrBelow(pattern, minute, ({ fromMinute }) => fromMinute)];
  if (piece === undefined) throw new Error("a week pattern begins at minute 0");
  const weekWallMs = wallMs - pastMs;
  return {
    isOpen: piece.isOpen,
    rule: piece.rule,
    fromWallMs: weekWallMs + piece.runFromMinute * MINUTE_MS,
    toWallMs: weekWallMs + piece.runToMinute * MINUTE_MS,
  };
}

interface Opening extends WeekInterval {
  readonly label: string;
}

const endOf = ({ fromMinute, lengthMinutes }: WeekInterval): number => (fromMinute + lengthMinutes) % WEEK_MINUTES;

/** Of openings that end together the longest covers the rest; a cron that starts every minute has many. */
function longestPerEnd(openings: readonly Opening[]): readonly Opening[] {
  const longest = new Map<number, Opening>();
  for (const opening of openings) {
    const end = endOf(opening);
    const rival = longest.get(end);
    if (rival === undefined || rival.lengthMinutes < opening.lengthMinutes) longest.set(end, opening);
  }
  return [...longest.values()];
}

/** Open: the window that stays open longest decides. Closed: the one that closed last. */
function stateAt(openings: readonly Opening[], minute: number): { readonly isOpen: boolean; readonly rule: string } {
  const remaining = (opening: Opening): number =>
    opening.lengthMinutes - positiveRemainder(minute - opening.fromMinute, WEEK_MINUTES);
  const latest = leastBy(openings, (opening) => -remaining(opening));
  if (latest !== undefined && remaining(latest) > 0) return { isOpen: true, rule: latest.label };
  const closed = leastBy(openings, (opening) => positiveRemainder(minute - endOf(opening), WEEK_MINUTES));
  return { isOpen: false, rule: `end of ${closed?.label ?? "no window"}` };
}

function leastBy<T>(items: readonly T[], cost: (item: T) => number): T | undefined {
  let best: T | undefined;
  let least = Infinity;
  for (const item of items) {
    const own = cost(item);
    if (own < least) [best, least] = [item, own];
  }
  return best;
}

type Piece = Pick<WeekPiece, "fromMinute" | "isOpen" | "rule">;

function withRuns(pieces: readonly Piece[]): WeekPattern {
  const changes = pieces
    .filter((piece, index) => piece.isOpen !== pieces.at(index - 1)?.isOpen)
    .map(({ fromMinute }) => fromMinute);
  const [first, last] = [changes[0], changes.at(-1)];
  return pieces.map((piece) => ({
    ...piece,
    runFromMinute:
      changes.findLast((change) => change <= piece.fromMinute) ??
      (last === undefined ? -Infinity : last - WEEK_MINUTES),
    runToMinute:
      changes.find((change) => change > piece.fromMinute) ?? (first === undefined ? Infinity : first + WEEK_MINUTES),
  }));
}

import { parseMoment } from "./moment.js";
import { pathTo } from "./problem.js";
import type { Parsed, Placed, Problem } from "./problem.js";
import type { DesiredState } from "./desired-state.js";
import type { ExceptionInput } from "./schedule-input.js";
import { DAY_MS } from "./wall-time.js";
import type { ZoneClock } from "./zone-clock.js";

/** A dated exception, compiled: holds from `fromAt` (included) to `toAt` (not). */
export interface Exception {
  readonly fromAt: number;
  readonly toAt: number;
  readonly state: DesiredState;
  readonly rule: string;
}

/**
 * Reads exceptions. `from` and `to` are local date-times, dates (as `from` its 00:00, as `to` the
 * whole day is included) or instants with an offset. Two that want opposite states at one time are
 * refused (peers T15): nobody could tell which is meant.
 * @returns ascending and free of overlap
 */
export function parseExceptions(
  placed: readonly Placed<ExceptionInput>[],
  clock: ZoneClock,
): Parsed<readonly Exception[]> {
  const problems: Problem[] = [];
  const parsed: (Exception & { readonly path: string })[] = [];
  for (const { value: input, path } of placed) {
    const exception = parseException(input, path, clock);
    if (exception.ok) parsed.push({ ...exception.value, path });
    else problems.push(...exception.problems);
  }
  const sorted = parsed.sort((one, other) => one.fromAt - other.fromAt);
  for (const [index, one] of sorted.entries()) {
    const rivals = sorted.slice(0, index).filter((other) => other.toAt > one.fromAt && other.state !== one.state);
    for (const rival of rivals) problems.push(contradiction(one.path, rival.path));
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: withoutOverlap(sorted) };
}

function parseException(
  { from, to, state, reason }: ExceptionInput,
  path: string,
  clock: ZoneClock,
): Parsed<Exception> {
  const fromAt = momentAt(from, 0, clock);
  const toAt = momentAt(to, 1, clock);
  if (fromAt < toAt) {
    return {
      ok: true,
      value: {
        fromAt,
        toAt,
        state,
        rule: `exception ${from} to ${to}: ${reason}`,
      },
    };
  }
  const message = `"${to}" is not after "${from}": let the exception end later than it begins`;
  return { ok: false, problems: [{ path: pathTo(path, "to"), message }] };
}

/** The instant that a checked text means; a bare date means the midnight some days after its own. */
function momentAt(text: string, daysAfterDate: number, clock: ZoneClock): number {
  const moment = parseMoment(text);
  if (moment === null) throw new Error(`the schema let "${text}" through`);
  switch (moment.kind) {
    case "instant":
      return moment.at;
    case "wall-time":
      return clock.instantOf(moment.wallMs);
    case "date":
      return clock.instantOf((moment.day + daysAfterDate) * DAY_MS);
  }
}

const contradiction = (path: string, otherPath: string): Problem => ({
  path,
  message: `wants the opposite of ${otherPath} at the same time: let one end before the other begins`,
});

/** Overlaps are of one state here: the earlier exception keeps the time that both claim. */
function withoutOverlap(sorted: readonly Exception[]): readonly Exception[] {
  let doneAt = -Infinity;
  return sorted.flatMap(({ fromAt, toAt, state, rule }) => {
    const exception = { fromAt: Math.max(fromAt, doneAt), toAt, state, rule };
    doneAt = Math.max(doneAt, toAt);
    return exception.fromAt < toAt ? [exception] : [];
  });
}

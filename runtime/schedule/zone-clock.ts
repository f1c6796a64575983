import { Temporal } from "temporal-polyfill";
import { DAY_MS } from "./wall-time.js";

/**
 * The one place where wall time meets instants, and so the one place that decides what daylight
 * saving does: a wall time has come as soon as the zone's clock has shown it *or anything later*.
 * From this follows that a wall time inside a gap comes at the first instant after the gap, one that
 * the clock shows twice comes the first time, and wall times never change their order.
 */
export interface ZoneClock {
  /** The latest wall time that has come at this instant. */
  wallAt(at: number): number;
  /** The instant at which a wall time comes. Infinities stay what they are. */
  instantOf(wallMs: number): number;
}

/** From `fromAt` on the clock shows `at + offsetMs`; `shownWallMs` is the latest that it showed before. */
interface Stretch {
  readonly fromAt: number;
  readonly offsetMs: number;
  readonly shownWallMs: number;
}

/** Some two years: enough that one slice serves many questions, little enough to be built in a millisecond. */
const SLICE_MS = 2 ** 36;

/**
 * No zone is further than 16 hours from UTC, and none ever put its clocks back by more than a day,
 * so what lies three days off has no influence.
 */
const MARGIN_MS = 3 * DAY_MS;

// Daylight saving rules are the same for all schedules of a zone and do not change while a process
// runs, so that remembering them is invisible from outside.
const clocks = new Map<string, ZoneClock>();

/**
 * The clock of a zone. All callers share one per zone.
 * @param timezone a name that `parseZone` accepted
 */
export function zoneClock(timezone: string): ZoneClock {
  const known = clocks.get(timezone);
  if (known !== undefined) return known;
  const clock = buildClock(timezone);
  clocks.set(timezone, clock);
  return clock;
}

function buildClock(timezone: string): ZoneClock {
  const slices = new Map<number, readonly Stretch[]>();

  function stretchesAround(ms: number): readonly Stretch[] {
    const index = Math.floor(ms / SLICE_MS);
    let stretches = slices.get(index);
    if (stretches === undefined) {
      stretches = readStretches(timezone, index * SLICE_MS, (index + 1) * SLICE_MS);
      slices.set(index, stretches);
    }
    return stretches;
  }

  return {
    wallAt(at) {
      const stretch = stretchesAround(at).findLast(({ fromAt }) => fromAt <= at);
      if (stretch === undefined) throw new RangeError(`not an instant: ${at}`);
      return Math.max(at + stretch.offsetMs, stretch.shownWallMs);
    },
    instantOf(wallMs) {
      if (!Number.isFinite(wallMs)) return wallMs;
      const stretches = stretchesAround(wallMs);
      for (const [index, { fromAt, offsetMs }] of stretches.entries()) {
        const at = Math.max(fromAt, wallMs - offsetMs);
        if (at < (stretches[index + 1]?.fromAt ?? Infinity)) return at;
      }
      throw new RangeError(`not a wall time: ${wallMs}`);
    },
  };
}

function readStretches(timezone: string, fromAt: number, toAt: number): readonly Stretch[] {
  const stretches: Stretch[] = [];
  let moment: Temporal.ZonedDateTime | null = Temporal.Instant.fromEpochMilliseconds(
    fromAt - MARGIN_MS,
  ).toZonedDateTimeISO(timezone);
  let shownWallMs = -Infinity;
  while (moment !== null && moment.epochMilliseconds < toAt + MARGIN_MS) {
    const previous = stretches.at(-1);
    if (previous !== undefined) {
      const lastShown = moment.epochMilliseconds - 1 + previous.offsetMs;
      shownWallMs = Math.max(shownWallMs, lastShown);
    }
    const offsetMs = moment.offsetNanoseconds / 1e6;
    stretches.push({ fromAt: moment.epochMilliseconds, offsetMs, shownWallMs });
    moment = moment.getTimeZoneTransition("next");
  }
  return stretches;
}

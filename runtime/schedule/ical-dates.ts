import ICAL from "ical.js";
import { read, unreadable } from "./problem.js";
import type { Reading } from "./problem.js";
import { dateOf, DAY_MS } from "./wall-time.js";

/** Events that repeat without end are read up to here. */
const HORIZON_DAY = Date.UTC(2101, 0, 1) / DAY_MS;

/** No holiday repeats this often; a rule that does (every second ...) must not stall the parser. */
const MOST_OCCURRENCES = 50_000;

/**
 * The dates of all whole-day events in an iCalendar text, `YYYY-MM-DD`, ascending, none twice.
 * Repetition rules, their exceptions and events over several days are followed; cancelled events
 * are left out. An event with a time of day is refused: a holiday hides a whole day or nothing.
 */
export function parseIcalDates(text: string): Reading<readonly string[]> {
  try {
    const days = eventsIn(text).flatMap((event) => daysOfEvent(event));
    if (days.length === 0) return unreadable("holds no whole-day event (VEVENT)");
    return read([...new Set(days)].sort((one, other) => one - other).map(dateOf));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return unreadable(`is not a usable iCalendar text: ${message}`);
  }
}

function eventsIn(text: string): readonly ICAL.Event[] {
  const parsed = ICAL.parse(text) as unknown[];
  // One calendar comes as ["vcalendar", ...], several as a list of such.
  const calendars = (typeof parsed[0] === "string" ? [parsed] : parsed) as unknown[][];
  return calendars
    .flatMap((calendar) => new ICAL.Component(calendar).getAllSubcomponents("vevent"))
    .filter((component) => !component.hasProperty("recurrence-id"))
    .map((component) => new ICAL.Event(component));
}

function daysOfEvent(event: ICAL.Event): readonly number[] {
  if (isCancelled(event)) return [];
  if (!event.component.hasProperty("dtstart")) throw new Error(`${nameOf(event)} has no DTSTART`);
  if (!event.isRecurring()) return daysBetween(event, event.startDate, event.endDate);
  const days: number[] = [];
  const occurrences = event.iterator();
  for (let count = 0; ; count++) {
    const next = occurrences.next() as ICAL.Time | undefined;
    if (next === undefined || dayNumber(next) >= HORIZON_DAY) return days;
    if (count === MOST_OCCURRENCES) throw new Error(`${nameOf(event)} repeats too often`);
    const { item, startDate, endDate } = event.getOccurrenceDetails(next) as Occurrence;
    if (!isCancelled(item)) days.push(...daysBetween(item, startDate, endDate));
  }
}

/** Written out because the library's own type for it does not resolve. */
interface Occurrence {
  readonly item: ICAL.Event;
  readonly startDate: ICAL.Time;
  readonly endDate: ICAL.Time;
}

/** DTEND is the first day that is no longer part of the event; some programs write DTSTART again. */
function daysBetween(event: ICAL.Event, start: ICAL.Time, end: ICAL.Time): readonly number[] {
  if (!start.isDate) {
    throw new Error(`${nameOf(event)} starts at a time of day: holidays are whole-day events`);
  }
  const first = dayNumber(start);
  const length = Math.min(dayNumber(end), HORIZON_DAY) - first;
  return Array.from({ length: Math.max(1, length) }, (_, index) => first + index);
}

const dayNumber = ({ year, month, day }: ICAL.Time): number => Date.UTC(year, month - 1, day) / DAY_MS;

const isCancelled = (event: ICAL.Event): boolean => event.component.getFirstPropertyValue("status") === "CANCELLED";

const nameOf = (event: ICAL.Event): string => `event "${event.summary}"`;

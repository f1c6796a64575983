import { read, unreadable } from "./problem.js";
import type { Reading } from "./problem.js";
import { clockOf, DAY_MINUTES } from "./wall-time.js";
import { weekMinute } from "./week-interval.js";
import type { WeekInterval } from "./week-interval.js";

const WEEKDAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"] as const;

const WINDOW = /^(?:(?<days>[a-z]+(?:\s*[-,]\s*[a-z]+)*)\s+)?(?<start>\d{1,2}:\d{2})\s*-\s*(?<stop>\d{1,2}:\d{2})$/i;

const EXAMPLES = '"Mon-Fri 07:00-19:00", "Sat,Sun 10:00-14:00" or "00:00-24:00"';

/**
 * Reads a window such as `Mon-Fri 07:00-19:00`, `Fri 22:00-06:00` (belongs to the day on which it
 * begins), `Sat-Mon 10:00-14:00` (days wrap round the week) or `00:00-24:00` (every day).
 * @returns one interval per day, in the order of the week
 */
export function parseTextWindow(text: string): Reading<readonly WeekInterval[]> {
  const parts = WINDOW.exec(text.trim())?.groups;
  if (parts === undefined) {
    return unreadable(`"${text}" is not a window: write ${EXAMPLES}`);
  }
  const { days = "Sun-Sat", start = "", stop = "" } = parts;
  const weekdays = parseWeekdays(days);
  if (!weekdays.ok) return unreadable(`"${text}": ${weekdays.message}`);
  const hours = parseHours(start, stop);
  if (!hours.ok) return unreadable(`"${text}": ${hours.message}`);
  const { startMinute, lengthMinutes } = hours.value;
  return read(
    weekdays.value.map((weekday) => ({
      fromMinute: weekMinute(weekday, startMinute),
      lengthMinutes,
    })),
  );
}

/** `Mon-Fri,Sun` as ascending weekday numbers, 0 is Sunday. */
function parseWeekdays(days: string): Reading<readonly number[]> {
  const chosen = new Set<number>();
  for (const item of days.split(",")) {
    const ends = item.split("-").map((name) => parseWeekday(name.trim()));
    const wrong = ends.find((end) => !end.ok);
    if (wrong !== undefined) return wrong;
    const [first, last = first, ...more] = ends.flatMap((end) => (end.ok ? [end.value] : []));
    if (first === undefined || last === undefined || more.length > 0) {
      return unreadable(`"${item.trim()}" is not a range of days: write one such as Mon-Fri`);
    }
    if (ends.length === 2 && first === last) {
      return unreadable(`"${item.trim()}" begins and ends on one day: name the day alone, or no days for every day`);
    }
    for (let day = first; day !== last; day = (day + 1) % 7) chosen.add(day);
    chosen.add(last);
  }
  return read([...chosen].sort((one, other) => one - other));
}

function parseWeekday(name: string): Reading<number> {
  const wanted = name.toLowerCase();
  const index = WEEKDAYS.findIndex((day) => day === wanted || day.slice(0, 3) === wanted);
  if (index >= 0) return read(index);
  const meant = wanted.length < 2 ? undefined : WEEKDAYS.find((day) => day.startsWith(wanted.slice(0, 2)));
  const hint = meant === undefined ? "Mon, Tue, Wed, Thu, Fri, Sat or Sun" : shortName(meant);
  return unreadable(`"${name}" is not a day: write ${hint}`);
}

const shortName = (day: string): string => day.charAt(0).toUpperCase() + day.slice(1, 3);

interface Hours {
  readonly startMinute: number;
  readonly lengthMinutes: number;
}

function parseHours(start: string, stop: string): Reading<Hours> {
  const startMinute = minuteOfDay(start);
  const stopMinute = minuteOfDay(stop);
  if (startMinute === null) return notATime(start);
  if (stopMinute === null) return notATime(stop);
  if (startMinute === DAY_MINUTES) {
    return unreadable("a window cannot start at 24:00: write 00:00 and the day after");
  }
  if (startMinute === stopMinute) {
    return unreadable(
      `starts and stops at ${clockOf(startMinute)}: write 00:00-24:00 for the whole day, or "awake: never" for none`,
    );
  }
  const past = stopMinute > startMinute ? 0 : DAY_MINUTES;
  return read({ startMinute, lengthMinutes: stopMinute + past - startMinute });
}

const notATime = (text: string): Reading<never> =>
  unreadable(`"${text}" is not a time of day: write 00:00 to 23:59, or 24:00 as an end`);

/** Minutes after midnight, 1440 for 24:00, null for a time that no clock shows. */
function minuteOfDay(text: string): number | null {
  const [hour = NaN, minute = NaN] = text.split(":").map(Number);
  const total = hour * 60 + minute;
  return minute < 60 && total <= DAY_MINUTES ? total : null;
}

import type { CalendarInput, CalendarsInput, Schedule } from "../schedule/index.js";
import { parseCalendar, parseSchedule, pathTo } from "../schedule/index.js";
import { dateOf } from "./date-text.js";
import type { ProblemList } from "./problems.js";
import { calendarSchema, minimumWindowSchema } from "./sections.js";
import { checkShape } from "./shape.js";
import type { Files, NamedItem, Source } from "./sources.js";
import { namedItems, onlyItem } from "./sources.js";
import { quote } from "./wording.js";

/** Schedules by name; undefined for one that is declared but cannot be used, so that its name is still known. */
export type DeclaredSchedules = ReadonlyMap<string, Schedule | undefined>;

/** Stands for a calendar whose problems are noted, so that no schedule is blamed for naming it. */
const UNUSABLE: CalendarInput = { dates: [] };

/** The declared calendars, iCalendar files replaced by their text. */
export function parseCalendars(sources: readonly Source[], files: Files, problems: ProblemList): CalendarsInput {
  const items = namedItems(sources, "calendars", problems);
  return Object.fromEntries(items.map((item) => [item.name, readCalendar(item, files, problems) ?? UNUSABLE]));
}

/** The declared schedules. */
export function parseSchedules(
  sources: readonly Source[],
  calendars: CalendarsInput,
  problems: ProblemList,
): DeclaredSchedules {
  const minimum = onlyItem(sources, "minimumWindowMinutes", problems);
  const minimumWindowMinutes = minimum && problems.take(checkShape(minimumWindowSchema, minimum.value, minimum.path));
  const options = minimumWindowMinutes === undefined ? { calendars } : { calendars, minimumWindowMinutes };
  const items = namedItems(sources, "schedules", problems);
  return new Map(
    items.map(({ name, path, value }) => [name, problems.take(parseSchedule(name, value, { ...options, path }))]),
  );
}

function readCalendar({ path, value }: NamedItem, files: Files, problems: ProblemList): CalendarInput | undefined {
  const shape = problems.take(checkShape(calendarSchema, value, path));
  if (shape === undefined) return undefined;
  const calendar = shape.ical === undefined ? { dates: (shape.dates ?? []).map(dateOf) } : readIcal(shape.ical, files);
  if (calendar === undefined) {
    problems.add(pathTo(path, "ical"), `names a file that cannot be read: ${quote(shape.ical)}`);
    return undefined;
  }
  return problems.take(parseCalendar(calendar, path)) && calendar;
}

function readIcal(path: string, files: Files): CalendarInput | undefined {
  const ical = files.get(path);
  return ical === undefined ? undefined : { ical };
}

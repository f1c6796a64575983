import * as z from "zod";
import { parseMoment } from "./moment.js";

/** The shape of one window. */
export const windowSchema = z.union(
  [
    z.string(),
    z
      .strictObject({
        start: z.string({ error: cronSide("start") }),
        stop: z.string({ error: cronSide("stop") }),
      })
      .readonly(),
  ],
  {
    error: 'must be text such as "Mon-Fri 07:00-19:00", or a pair of cron expressions { start, stop }',
  },
);

/** The shape of one dated exception. */
export const exceptionSchema = z
  .strictObject(
    {
      from: momentSchema("from"),
      to: momentSchema("to"),
      state: z.enum(["running", "hibernated"], {
        error: 'must be "running" or "hibernated"',
      }),
      reason: z.string({ error: "must say why, in words" }).refine((text) => text.trim() !== "", {
        error: "must say why, in words",
      }),
    },
    { error: "must be { from, to, state, reason }" },
  )
  .readonly();

const EMPTY =
  'must hold at least one window such as "Mon-Fri 07:00-19:00"; write "never" for a cluster that is never awake';

/** The shape of one schedule as a person writes it; what it means is checked by `parseSchedule`. */
export const scheduleSchema = z
  .strictObject(
    {
      timezone: z
        .string({ error: 'must name an IANA time zone such as "Europe/Berlin"' })
        .describe("IANA time zone, such as Europe/Berlin; daylight saving is taken care of."),
      awake: z
        .union([z.enum(["always", "never"]), z.array(windowSchema).min(1, { error: EMPTY }).readonly()], {
          error: 'must be "always", "never" or a list of at least one window, such as ["Mon-Fri 07:00-19:00"]',
        })
        .describe(
          'Windows in which clusters are awake, such as "Mon-Fri 07:00-19:00" or { start, stop } as cron; or always, or never.',
        ),
      holidays: z
        .array(z.string({ error: "must be the name of a calendar" }), {
          error: "must be a list of calendar names",
        })
        .readonly()
        .describe("Calendars whose days are slept through.")
        .exactOptional(),
      exceptions: z
        .array(exceptionSchema, {
          error: "must be a list of { from, to, state, reason }",
        })
        .readonly()
        .describe("Dated exceptions, stronger than windows and holidays.")
        .exactOptional(),
    },
    { error: "must be an object with timezone and awake" },
  )
  .readonly();

/** One schedule as written in config. */
export type ScheduleInput = z.output<typeof scheduleSchema>;

/** One window as written: text, or a pair of five-field cron expressions. */
export type WindowInput = z.output<typeof windowSchema>;

/** One dated exception as written. */
export type ExceptionInput = z.output<typeof exceptionSchema>;

/** One holiday calendar: dates (`YYYY-MM-DD`), or the text of an iCalendar file that was read already. */
export type CalendarInput = { readonly dates: readonly string[] } | { readonly ical: string };

/** Holiday calendars by name. Must not be changed once handed over: results are remembered by identity. */
export type CalendarsInput = Readonly<Record<string, CalendarInput>>;

function cronSide(side: "start" | "stop"): string {
  return `a window needs its ${side}: a cron expression of five fields such as "0 7 * * 1-5"`;
}

function momentSchema(side: "from" | "to") {
  const error = `an exception needs its ${side}: a date (2026-12-24), a local time (2026-12-24T18:00) or an instant with its offset (2026-12-24T18:00:00+11:00)`;
  return z.string({ error }).refine((text) => parseMoment(text) !== null, { error });
}

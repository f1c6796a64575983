import { CronExpressionParser } from "cron-parser";
import type { CronFieldCollection } from "cron-parser";
import type { CronTimes } from "./cron-times.js";
import type { DayRule } from "./month-days.js";
import { read, unreadable } from "./problem.js";
import type { Reading } from "./problem.js";

/**
 * Reads a cron expression of five fields: minute, hour, day of month, month, day of week. Names
 * (`MON`, `JAN`), lists, ranges, steps, `?` for `*`, `L` (last day), `1L` (last Monday) and `2#5`
 * (fifth Tuesday) are allowed. Refused: other numbers of fields, `@daily` and its like, `W`, `H`,
 * both day fields at once (cron means "or", people mean "and"), and what never fires.
 */
export function parseCron(text: string): Reading<CronTimes> {
  const objection = objectionTo(text);
  if (objection !== null) return unreadable(objection);
  try {
    const { fields } = CronExpressionParser.parse(text);
    return read({
      minutesOfDay: minutesOfDay(fields),
      months: maskOf(fields.month.values),
      days: dayRule(fields),
    });
  } catch (error) {
    return unreadable(explain(text, error));
  }
}

/** What cron-parser would let through, or explain badly. */
function objectionTo(text: string): string | null {
  const fields = text.trim().split(/\s+/);
  if (text.trim().startsWith("@")) {
    return `"${text}" is a nickname: write the five fields, such as "0 7 * * 1-5"`;
  }
  const [, , monthDay = "", , weekday = ""] = fields;
  if (fields.length !== 5 || text.trim() === "") {
    const count = text.trim() === "" ? 0 : fields.length;
    return `"${text}" has ${count} fields: write five (minute hour day-of-month month day-of-week), such as "0 7 * * 1-5"`;
  }
  if (/\dW|LW|^W/i.test(monthDay)) {
    return `"${text}": W (nearest working day) is not supported: name weekdays (1-5) or days of the month`;
  }
  if (fields.some((field) => /(^|,)H/.test(field))) {
    return `"${text}": H (a time picked by hash) is not supported: write the time itself`;
  }
  if (/#(?![1-5]$)/.test(weekday)) {
    return `"${text}": after # comes one of 1 to 5, such as "2#5" for the fifth Tuesday`;
  }
  if (!isEvery(monthDay) && !isEvery(weekday)) {
    return `"${text}" names days of the month and of the week: cron would take either, so use one of them and leave the other "*"`;
  }
  return null;
}

const isEvery = (field: string): boolean => field === "*" || field === "?";

function explain(text: string, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (message.includes("explicit day of month")) {
    return `"${text}" never fires: no such month has that day`;
  }
  if (/min\(\d+\) > max/.test(message)) {
    return `"${text}": a range must go upwards: write "5,6,0,1" rather than "5-1"`;
  }
  return `"${text}" is not a cron expression (${message}): write five fields such as "0 7 * * 1-5"`;
}

function minutesOfDay({ hour, minute }: CronFieldCollection): readonly number[] {
  return hour.values.flatMap((each) => minute.values.map((past) => each * 60 + past)).sort((one, other) => one - other);
}

function dayRule({ dayOfMonth, dayOfWeek }: CronFieldCollection): DayRule {
  if (!dayOfWeek.isWildcard) return weekdayRule(dayOfWeek.values, dayOfWeek.nthDay);
  if (dayOfMonth.isWildcard) return { by: "any" };
  const numbers = dayOfMonth.values.filter((value) => typeof value === "number");
  return {
    by: "number",
    numbers: maskOf(numbers) >>> 1,
    last: numbers.length < dayOfMonth.values.length,
  };
}

function weekdayRule(values: readonly (number | string)[], nth: number): DayRule {
  const weekdays = maskOf(values.filter((value) => typeof value === "number").map((value) => value % 7));
  if (nth > 0) return { by: "nth-weekday", weekdays, nth };
  // A last weekday reads "1L".
  const last = values.filter((value) => typeof value === "string").map((value) => Number.parseInt(value, 10) % 7);
  return { by: "weekday", weekdays, lastWeekdays: maskOf(last) };
}

const maskOf = (values: readonly number[]): number => values.reduce((mask, value) => mask | (1 << value), 0);

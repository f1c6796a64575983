import { parseDay } from "../schedule/wall-time.js";

/**
 * What follows the day when an unquoted date of a stack file reaches the program: Pulumi's YAML reads it as a Go timestamp
 * (Pulumi, `config/object.go`: time.Time). A piece of a regular expression.
 */
export const TIMESTAMP_TAIL = String.raw` 00:00:00 \+0000 UTC`;

const TAIL = new RegExp(`${TIMESTAMP_TAIL}$`);

/** A date as it was written, without the tail that Pulumi may have given it. Other text stays as it is. */
export function dateOf(text: string): string {
  return text.replace(TAIL, "");
}

/** Whether `text` is a day that exists, as `YYYY-MM-DD`. */
export function isDate(text: string): boolean {
  return parseDay(text) !== null;
}

import * as z from "zod";

import type { Parsed, Problem } from "../schedule/index.js";
import { pathTo } from "../schedule/index.js";
import { enumerate, quote, suggest } from "./wording.js";

/** Checks `value` against `schema`; every problem lies at or below `path` and says what would be right. */
export function checkShape<S extends z.ZodType>(schema: S, value: unknown, path: string): Parsed<z.output<S>> {
  const result = schema.safeParse(value, { error: issueMessage });
  if (result.success) return { ok: true, value: result.data };
  return { ok: false, problems: result.error.issues.flatMap((issue) => issueProblems(issue, path)) };
}

function issueProblems(issue: z.core.$ZodIssue, base: string): readonly Problem[] {
  const path = pathTo(base, ...issue.path);
  if (issue.code !== "unrecognized_keys") return [{ path, message: issue.message }];
  const known = issue.message.split(" ");
  return issue.keys.map((key) => ({ path: pathTo(path, key), message: `is not a known key${suggest(key, known)}` }));
}

/** A schema's own `error` goes before these. */
function issueMessage(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined
        ? `is required: ${EXPECTED[issue.expected] ?? issue.expected}`
        : mustBe(EXPECTED[issue.expected] ?? issue.expected, issue.input);
    case "invalid_value":
      return mustBe(`one of ${enumerate(issue.values.map(String))}`, issue.input);
    case "too_small":
      return tooSmall(issue);
    case "too_big":
      return mustBe(`at most ${Number(issue.maximum)}${unitOf(issue.origin)}`, issue.input);
    case "unrecognized_keys":
      // One issue may name several keys and becomes one problem for each, so the message only carries what is known.
      return issue.inst instanceof z.ZodObject ? Object.keys(issue.inst.shape).join(" ") : "";
    default:
      return undefined;
  }
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "a map",
  record: "a map",
  array: "a list",
};

function mustBe(what: string, input: unknown): string {
  return `must be ${what}, not ${quote(input)}`;
}

function tooSmall(issue: z.core.$ZodRawIssue<z.core.$ZodIssueTooSmall>): string {
  const message = mustBe(`at least ${Number(issue.minimum)}${unitOf(issue.origin)}`, issue.input);
  return issue.input === 0 ? `${message} (0 does not mean "no limit": every bound is finite)` : message;
}

function unitOf(origin: string): string {
  return origin === "string" ? " characters" : origin === "array" ? " entries" : "";
}

import type * as z from "zod";

/** One thing wrong with the config: where (`schedules.office.awake[1].start`), and what would be right. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

/** A part of the config, and where it stands. */
export interface Placed<T> {
  readonly value: T;
  readonly path: string;
}

/** What a parser gives: the value, or every problem at once (never an empty list). */
export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly Problem[] };

/** What a parser of one short text gives: the value, or what is wrong with that text. */
export type Reading<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };

/** A {@link Reading} that went well. */
export const read = <T>(value: T): Reading<T> => ({ ok: true, value });

/** A {@link Reading} that did not; the message says what would be right. */
export const unreadable = (message: string): Reading<never> => ({
  ok: false,
  message,
});

/**
 * Appends steps to a path: `pathTo("schedules.office", "awake", 1)` is `schedules.office.awake[1]`. An empty key shows as
 * `""`, so that no step is lost.
 */
export function pathTo(base: string, ...steps: readonly PropertyKey[]): string {
  return steps.reduce<string>(
    (path, step) =>
      typeof step === "number" ? `${path}[${step}]` : path === "" ? keyOf(step) : `${path}.${keyOf(step)}`,
    base,
  );
}

function keyOf(step: PropertyKey): string {
  return step === "" ? '""' : String(step);
}

/**
 * Turns zod's issues into problems below `base`. Of a union the branch that fits best speaks (the
 * one whose issues lie deeper than the value itself); if none does, the union's own message stands.
 */
export function shapeProblems(issues: readonly z.core.$ZodIssue[], base: string): readonly Problem[] {
  return issues.flatMap((issue) => {
    const path = pathTo(base, ...issue.path);
    const branch =
      issue.code === "invalid_union"
        ? issue.errors.find((nested) => nested.every((inner) => reachesInside(inner)))
        : undefined;
    if (branch !== undefined && branch.length > 0) return shapeProblems(branch, path);
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({
        path: pathTo(path, key),
        message: "is not a known setting",
      }));
    }
    return [{ path, message: issue.message }];
  });
}

const reachesInside = (issue: z.core.$ZodIssue): boolean => issue.path.length > 0 || issue.code === "unrecognized_keys";

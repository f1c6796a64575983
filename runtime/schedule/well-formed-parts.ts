import * as z from "zod";
import { pathTo } from "./problem.js";
import type { Placed } from "./problem.js";
import { exceptionSchema, windowSchema } from "./schedule-input.js";
import type { ExceptionInput, WindowInput } from "./schedule-input.js";

/** The parts of a schedule whose shape is right, so that their meaning can be checked too. */
export interface WellFormedParts {
  readonly timezone: string | null;
  readonly awake: "always" | "never" | readonly Placed<WindowInput>[] | null;
  readonly holidays: readonly Placed<string>[];
  readonly exceptions: readonly Placed<ExceptionInput>[];
}

const looseObject = z.record(z.string(), z.unknown());

/** Picks what is well formed, whatever stands beside it; a person wants to see all problems at once. */
export function wellFormedParts(input: unknown, path: string): WellFormedParts {
  const { timezone, awake, holidays, exceptions } = looseObject.safeParse(input).data ?? {};
  return {
    timezone: typeof timezone === "string" ? timezone : null,
    awake: awake === "always" || awake === "never" ? awake : windowsIn(awake, path),
    holidays: itemsOf(holidays, pathTo(path, "holidays"), z.string()),
    exceptions: itemsOf(exceptions, pathTo(path, "exceptions"), exceptionSchema),
  };
}

const windowsIn = (awake: unknown, path: string): readonly Placed<WindowInput>[] | null =>
  Array.isArray(awake) ? itemsOf(awake, pathTo(path, "awake"), windowSchema) : null;

function itemsOf<T>(list: unknown, path: string, schema: z.ZodType<T>): readonly Placed<T>[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: unknown, index) => {
    const parsed = schema.safeParse(item);
    return parsed.success ? [{ value: parsed.data, path: pathTo(path, index) }] : [];
  });
}

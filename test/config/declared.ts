import assert from "node:assert/strict";

import type { Fleet, FleetOptions } from "../../runtime/config/index.js";
import { parseFleet } from "../../runtime/config/index.js";
import type { Parsed, Problem } from "../../runtime/schedule/index.js";

/** A schedule without fault. */
export const OFFICE = { timezone: "Australia/Sydney", awake: ["Mon-Fri 07:00-19:00"] };

/** A cluster entry without fault, on schedule `office`. */
export const PAYMENTS = {
  name: "payments-dev",
  account: "222222222222",
  region: "ap-southeast-2",
  schedule: "office",
};

/** Config without fault, with `changes` laid over it. */
export function config(changes: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return { schedules: { office: OFFICE }, clusters: [PAYMENTS], ...changes };
}

interface Surroundings {
  readonly files?: Readonly<Record<string, string>>;
  readonly environment?: FleetOptions["environment"];
}

export function parse(raw: Readonly<Record<string, unknown>>, { files = {}, environment = {} }: Surroundings = {}) {
  return parseFleet(raw, { files: new Map(Object.entries(files)), environment });
}

/** The fleet of config that must be without fault. */
export function fleetOf(raw: Readonly<Record<string, unknown>>, surroundings: Surroundings = {}): Fleet {
  return valueOf(parse(raw, surroundings));
}

/** Problems as `path: message`, in their order. */
export function problemsOf(parsed: Parsed<unknown>): readonly string[] {
  return parsed.ok ? [] : parsed.problems.map(sentence);
}

export function valueOf<T>(parsed: Parsed<T>): T {
  assert.ok(parsed.ok, JSON.stringify(problemsOf(parsed), null, 2));
  return parsed.value;
}

function sentence({ path, message }: Problem): string {
  return `${path}: ${message}`;
}

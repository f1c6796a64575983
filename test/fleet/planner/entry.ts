import type { FleetEntry } from "../../../runtime/ports/index.js";
import { DEFAULT_RHYTHM } from "../../../runtime/fleet/planner/rhythm.js";

export const MINUTE = 60_000;
export const HOUR = 3_600_000;

/** Epoch milliseconds of a time of Monday, 2026-01-05, in UTC. */
export function at(time: string): number {
  return Date.parse(`2026-01-05T${time.length === 5 ? `${time}:00` : time}Z`);
}

export const RHYTHM = DEFAULT_RHYTHM;

/** A cluster that sleeps, as it should, until it wakes at 07:00; due at 06:30 to have its wake weighed. */
export function entry(changes: Partial<FleetEntry> = {}): FleetEntry {
  return {
    clusterId: "111111111111/eu-west-1/pay",
    generation: "g1",
    revision: 1,
    dueAt: at("06:30"),
    wanted: "hibernated",
    transitionAt: at("07:00"),
    leadMs: 0,
    unconvergedSince: null,
    attempts: 0,
    lastCode: null,
    groups: 4,
    nodes: 20,
    ...changes,
  };
}

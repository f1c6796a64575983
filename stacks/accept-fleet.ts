import { readFileSync } from "node:fs";

import * as pulumi from "@pulumi/pulumi";

import { parseFleet, referencedFiles, type Fleet, type HubSettings } from "../runtime/config/index.js";
import type { FleetInput } from "./fleet-input.js";

/** The `Hub` that does the work of a program's clusters: its table keeps their state. */
export interface HubOfClusters {
  readonly settings: HubSettings;
  readonly table: pulumi.Resource;
}

/** What is declared, and how its author knows the places in it. */
export interface Declared {
  readonly fleet: FleetInput;
  readonly hub?: HubOfClusters | undefined;
  /** Names a path such as `clusters[0].account` as it stands in the author's program; by default as it is. */
  readonly placeOf?: (path: string) => string;
}

type Files = ReadonlyMap<string, string>;

/**
 * Checks what a program declares, by the rules and with the environment's settings that a stack's config has. Files that it
 * names are read. Throws a `RunError`, which Pulumi prints without a stack trace, with all problems at once.
 */
export function acceptFleet({ fleet, hub, placeOf = (path) => path }: Declared): Fleet {
  const raw = { ...fleet, ...(hub && { hub: hub.settings }) };
  const parsed = parseFleet(raw, { files: readFiles(raw), environment: process.env });
  if (parsed.ok) return parsed.value;
  const lines = parsed.problems.map(({ path, message }) => `  ${placeOf(path)} ${message}`);
  throw new pulumi.RunError(["What is declared of clusters is refused:", ...lines].join("\n"));
}

/** Twice, because a catalogue names files in its turn. */
function readFiles(raw: Readonly<Record<string, unknown>>): Files {
  const read = (known: Files): Files =>
    new Map(referencedFiles(raw, known).flatMap((path) => [...textOf(path)].map((text) => [path, text] as const)));
  return read(read(new Map()));
}

/** Nothing for a file that cannot be read: the check then says where it was named. */
function textOf(path: string): readonly string[] {
  try {
    return [readFileSync(path, "utf8")];
  } catch {
    return [];
  }
}

import type { Settings } from "../cycle/settings.js";
import { deepFreeze } from "../schedule/frozen.js";
import type { Parsed, Schedule } from "../schedule/index.js";
import { clusterParser } from "./cluster-parser.js";
import type { ClusterSpec } from "./cluster-spec.js";
import type { Environment } from "./environment.js";
import type { Exclusion } from "./exclusions.js";
import { exclusionSchema } from "./exclusions.js";
import { parseHub, parseState } from "./fleet-hub.js";
import { parseCalendars, parseSchedules } from "./fleet-schedules.js";
import { parseFleetSettings } from "./fleet-settings.js";
import type { HubDeclaration } from "./hub.js";
import type { PlainRecord } from "./plain-record.js";
import type { ProblemList } from "./problems.js";
import { createProblemList } from "./problems.js";
import { checkShape } from "./shape.js";
import type { Files, Source } from "./sources.js";
import { listedItems, readSources } from "./sources.js";

/** Everything that is declared, checked as a whole and frozen. */
export interface Fleet {
  /** In the order of declaration, the catalogue's last; excluded clusters are among them. No identity comes twice. */
  readonly clusters: readonly ClusterSpec[];
  readonly schedules: Readonly<Record<string, Schedule>>;
  readonly exclusions: readonly Exclusion[];
  /** Settings of a cluster that declares none of its own. */
  readonly settings: Settings;
  /** Path of the state file, or the address of the hub's table; null when config names neither. */
  readonly state: string | null;
  /** The hub to stamp; null without one. */
  readonly hub: HubDeclaration | null;
}

/** What config refers to, read beforehand. */
export interface FleetOptions {
  /** The files of `referencedFiles`, by the path that config gives them. */
  readonly files: Files;
  readonly environment: Environment;
}

/**
 * Reads the declared config: the `curfew:` keys of a stack without that prefix, and the catalogue that they may name.
 * A refusal names every problem at once; a problem in the catalogue has a path that begins with `catalogue.`.
 * Pure: equal input gives equal fleets.
 */
export function parseFleet(raw: PlainRecord, { files, environment }: FleetOptions): Parsed<Fleet> {
  const problems = createProblemList();
  const sources = readSources(raw, files, problems);
  const hub = parseHub(sources, problems);
  const state = parseState(sources, hub, problems);
  const calendars = parseCalendars(sources, files, problems);
  const schedules = parseSchedules(sources, calendars, problems);
  const exclusions = parseExclusions(sources, problems);
  const settingsOf = parseFleetSettings(sources, environment, problems);
  const parseCluster = clusterParser({ schedules, exclusions, settingsOf, hub, problems });
  const clusters = listedItems(sources, "clusters", problems).map(parseCluster);
  return problems.settle(() =>
    Object.freeze({
      clusters: Object.freeze(clusters.filter((cluster) => cluster !== undefined)),
      schedules: Object.freeze(Object.fromEntries([...schedules].filter(isUsable))),
      exclusions: Object.freeze(exclusions),
      settings: settingsOf({}),
      state,
      hub,
    }),
  );
}

function parseExclusions(sources: readonly Source[], problems: ProblemList): readonly Exclusion[] {
  return listedItems(sources, "exclusions", problems)
    .map(({ path, value }) => problems.take(checkShape(exclusionSchema, value, path)))
    .filter((rule) => rule !== undefined)
    .map(deepFreeze);
}

function isUsable(entry: readonly [string, Schedule | undefined]): entry is [string, Schedule] {
  return entry[1] !== undefined;
}

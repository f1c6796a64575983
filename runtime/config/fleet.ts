import type { Settings } from "../cycle/settings.js";
import type { Parsed, Schedule } from "../schedule/index.js";
import type { Approval } from "./approvals.js";
import { approvalSchema } from "./approvals.js";
import { clusterParser } from "./cluster-parser.js";
import type { ClusterSpec } from "./cluster-spec.js";
import type { Environment } from "./environment.js";
import type { DeployerSettings } from "./deployer.js";
import { deployerSchema } from "./deployer.js";
import type { Exclusion } from "./exclusions.js";
import { exclusionSchema } from "./exclusions.js";
import { parseHub, parseState } from "./fleet-hub.js";
import { parseCalendars, parseSchedules } from "./fleet-schedules.js";
import { parseFleetSettings } from "./fleet-settings.js";
import type { HubDeclaration } from "./hub.js";
import { parseLayers } from "./layers.js";
import type { PlainRecord } from "./plain-record.js";
import type { ProblemList } from "./problems.js";
import { createProblemList } from "./problems.js";
import { parseRules } from "./rules.js";
import { parseShard } from "./shard.js";
import { checkShape } from "./shape.js";
import type { Files, Source } from "./sources.js";
import { listedItems, onlyItem, readSources } from "./sources.js";
import { checkVersions } from "./version.js";

/** Everything that is declared, checked as a whole and frozen. */
export interface Fleet {
  /** In the order of declaration, the catalogue's last; excluded clusters are among them. No identity comes twice. */
  readonly clusters: readonly ClusterSpec[];
  readonly schedules: Readonly<Record<string, Schedule>>;
  readonly exclusions: readonly Exclusion[];
  readonly approvals: readonly Approval[];
  /** Settings of a cluster that declares none of its own. */
  readonly settings: Settings;
  /** Path of the state file, or the address of the hub's table; null when config names neither. */
  readonly state: string | null;
  /** The hub to stamp; null without one. */
  readonly hub: HubDeclaration | null;
  /** How the deployer spreads the clusters over stacks; null when config says nothing of it. */
  readonly deployer: DeployerSettings | null;
  /** Ids (`account/region/name`) of the clusters that this stack holds; null: all. The clusters are parsed in any case. */
  readonly shard: ReadonlySet<string> | null;
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
  const otherVersions = checkVersions(sources);
  if (otherVersions.length > 0) return { ok: false, problems: otherVersions };
  const hub = parseHub(sources, problems);
  const state = parseState(sources, hub, problems);
  const calendars = parseCalendars(sources, files, problems);
  const schedules = parseSchedules(sources, calendars, problems);
  const exclusions = parseRules(exclusionSchema, "exclusions", sources, problems);
  const approvals = parseRules(approvalSchema, "approvals", sources, problems);
  const deployer = parseDeployer(sources, problems);
  const shard = parseShard(raw, files, problems);
  const settingsOf = parseFleetSettings(sources, environment, problems);
  const baseOf = parseLayers(sources, { schedules, hub, problems });
  const parseCluster = clusterParser({ schedules, exclusions, settingsOf, baseOf, hub, problems });
  const clusters = listedItems(sources, "clusters", problems).map(parseCluster);
  return problems.settle(() =>
    Object.freeze({
      clusters: Object.freeze(clusters.filter((cluster) => cluster !== undefined)),
      schedules: Object.freeze(Object.fromEntries([...schedules].filter(isUsable))),
      exclusions: Object.freeze(exclusions),
      approvals: Object.freeze(approvals),
      settings: settingsOf(undefined),
      state,
      hub,
      deployer,
      shard,
    }),
  );
}

function parseDeployer(sources: readonly Source[], problems: ProblemList): DeployerSettings | null {
  const item = onlyItem(sources, "deployer", problems);
  return (item && problems.take(checkShape(deployerSchema, item.value, item.path))) ?? null;
}

function isUsable(entry: readonly [string, Schedule | undefined]): entry is [string, Schedule] {
  return entry[1] !== undefined;
}

import type { ClusterIdentity } from "../ports/index.js";
import { clusterId } from "../ports/index.js";
import { deepFreeze } from "../schedule/frozen.js";
import { pathTo } from "../schedule/index.js";
import { parseAccess } from "./access.js";
import type { ClusterEntry } from "./cluster-entry.js";
import { clusterEntrySchema } from "./cluster-entry.js";
import type { ClusterSpec } from "./cluster-spec.js";
import type { Exclusion, Tags } from "./exclusions.js";
import { exclusionsByTag, findExclusion } from "./exclusions.js";
import type { DeclaredSchedules } from "./fleet-schedules.js";
import type { SettingsOf } from "./fleet-settings.js";
import type { HubDeclaration } from "./hub.js";
import { isPlainRecord } from "./plain-record.js";
import type { ProblemList } from "./problems.js";
import { checkShape } from "./shape.js";
import type { Item } from "./sources.js";
import { enumerate, quote, suggest } from "./wording.js";

/** What the entries of `clusters` are read against. */
export interface FleetContext {
  readonly schedules: DeclaredSchedules;
  readonly exclusions: readonly Exclusion[];
  readonly settingsOf: SettingsOf;
  /** The stack's hub; null without one. */
  readonly hub: Pick<HubDeclaration, "converge"> | null;
  readonly problems: ProblemList;
}

/**
 * A parser of the entries of one fleet, to be called once for each. It remembers whom it has met, to refuse an
 * identity that comes twice. What an entry refers to is checked even where its shape is wrong, so that a person
 * sees every problem in one go.
 */
export function clusterParser(context: FleetContext): (item: Item) => ClusterSpec | undefined {
  const { problems, exclusions } = context;
  const pathsById = new Map<string, string>();
  return ({ path, value }) => {
    const entry = problems.take(checkShape(clusterEntrySchema, value, path));
    if (!isPlainRecord(value)) return undefined;
    const { identity, tags, schedule } = lenientEntry(value);
    refuseTwin(identity, path, pathsById, problems);
    const exclusion = findExclusion(identity, tags, exclusions) ?? null;
    checkSchedule(schedule, exclusion, pathTo(path, "schedule"), context);
    if (entry?.converge === "hub" && context.hub === null) {
      problems.add(pathTo(path, "converge"), "needs a hub: declare one under hub, or leave this out");
    }
    const access = entry && problems.take(parseAccess(identity, entry, path));
    if (entry === undefined || access === undefined) return undefined;
    return specOf(entry, exclusion, access, context);
  };
}

function specOf(
  entry: ClusterEntry,
  exclusion: Exclusion | null,
  access: ClusterSpec["access"],
  { schedules, exclusions, settingsOf, hub }: FleetContext,
): ClusterSpec | undefined {
  const { name, account, region, tags, onDelete } = entry;
  const identity = { account, region, name };
  const fields = deepFreeze({
    id: clusterId(identity),
    identity,
    access,
    settings: settingsOf(entry.settings),
    tags,
    onDelete,
    converge: convergesOnUp(entry.converge, hub),
    exclusionsByTag: exclusionsByTag(identity, exclusions),
  });
  if (exclusion !== null) return Object.freeze({ ...fields, exclusion, scheduleName: null, schedule: null });
  const schedule = entry.schedule === undefined ? undefined : schedules.get(entry.schedule);
  return schedule && Object.freeze({ ...fields, exclusion, scheduleName: schedule.name, schedule });
}

/** Whether `pulumi up` itself takes the cluster to where it should be. */
function convergesOnUp(declared: ClusterEntry["converge"], hub: FleetContext["hub"]): boolean {
  const converge = declared ?? hub?.converge ?? "up";
  return converge === true || converge === "up";
}

/** What can be made out of an entry whose shape may be wrong elsewhere. Unusable parts are empty. */
function lenientEntry(value: Readonly<Record<string, unknown>>): {
  readonly identity: ClusterIdentity;
  readonly tags: Tags;
  readonly schedule: unknown;
} {
  const text = (field: unknown) => (typeof field === "string" ? field : "");
  const tags = isPlainRecord(value["tags"]) ? value["tags"] : {};
  return {
    identity: { account: text(value["account"]), region: text(value["region"]), name: text(value["name"]) },
    tags: Object.fromEntries(Object.entries(tags).map(([key, tag]) => [key, text(tag)])),
    schedule: value["schedule"],
  };
}

function refuseTwin(
  identity: ClusterIdentity,
  path: string,
  pathsById: Map<string, string>,
  problems: ProblemList,
): void {
  if (Object.values(identity).includes("")) return;
  const id = clusterId(identity);
  const first = pathsById.get(id);
  if (first === undefined) pathsById.set(id, path);
  else problems.add(path, `is the same cluster as ${first} (${id}): keep one of them`);
}

function checkSchedule(
  schedule: unknown,
  exclusion: Exclusion | null,
  path: string,
  { schedules, problems }: FleetContext,
): void {
  const names = [...schedules.keys()];
  if (exclusion !== null && schedule !== undefined) {
    problems.add(
      path,
      `must not be there, because the cluster is excluded (${quote(exclusion.reason)}): remove one of the two`,
    );
  }
  if (exclusion === null && schedule === undefined) {
    const choice = names.length === 0 ? "declare one under schedules" : `name one of ${enumerate(names)}`;
    problems.add(path, `is required: ${choice}, or exclude the cluster`);
  }
  if (typeof schedule === "string" && !schedules.has(schedule)) {
    problems.add(path, `no schedule is called ${quote(schedule)}${suggest(schedule, names)}`);
  }
}

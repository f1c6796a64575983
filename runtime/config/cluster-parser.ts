import type { ClusterIdentity } from "../ports/index.js";
import { clusterId } from "../ports/index.js";
import { deepFreeze } from "../schedule/frozen.js";
import { pathTo } from "../schedule/index.js";
import { parseAccess } from "./access.js";
import type { ClusterFields } from "./cluster-entry.js";
import { clusterEntrySchema, REQUIRED_FIELDS } from "./cluster-entry.js";
import type { ClusterSpec } from "./cluster-spec.js";
import type { Exclusion, Tags } from "./exclusions.js";
import { exclusionsByTag, findExclusion } from "./exclusions.js";
import type { SettingsOf } from "./fleet-settings.js";
import type { Base, BaseOf } from "./layers.js";
import { layFields, layRaw } from "./layers.js";
import type { PlainRecord } from "./plain-record.js";
import { isPlainRecord } from "./plain-record.js";
import type { ProblemList } from "./problems.js";
import type { Referents } from "./references.js";
import { checkReferences } from "./references.js";
import { checkShape } from "./shape.js";
import type { Item } from "./sources.js";
import { enumerate, quote } from "./wording.js";

/** What the entries of `clusters` are read against. */
export interface FleetContext extends Referents {
  readonly exclusions: readonly Exclusion[];
  readonly settingsOf: SettingsOf;
  readonly baseOf: BaseOf;
}

/**
 * A parser of the entries of one fleet, to be called once for each. It remembers whom it has met, to refuse an
 * identity that comes twice. What an entry refers to is checked even where its shape is wrong, so that a person
 * sees every problem in one go.
 */
export function clusterParser(context: FleetContext): (item: Item) => ClusterSpec | undefined {
  const { problems, exclusions, baseOf } = context;
  const pathsById = new Map<string, string>();
  return ({ path, value }) => {
    const entry = problems.take(checkShape(clusterEntrySchema, value, path));
    if (!isPlainRecord(value)) return undefined;
    const base = baseOf(value["profile"], pathTo(path, "profile"));
    const { identity, tags } = lenientFields(layRaw(base.raw, value));
    const exclusion = findExclusion(identity, tags, exclusions) ?? null;
    refuseTwin(identity, path, pathsById, problems);
    checkReferences(value, path, context);
    refuseGaps({ path, value }, base, exclusion, context);
    if (entry === undefined || base.fields === undefined) return undefined;
    const rolePath = entry.role === undefined ? base.rolePath : pathTo(path, "role");
    return specOf(identity, layFields(base.fields, entry), { exclusion, rolePath }, context);
  };
}

function specOf(
  identity: ClusterIdentity,
  declared: ClusterFields,
  { exclusion, rolePath }: { readonly exclusion: Exclusion | null; readonly rolePath: string },
  { schedules, exclusions, settingsOf, hub, problems }: FleetContext,
): ClusterSpec | undefined {
  const access = problems.take(parseAccess(identity, declared, rolePath));
  if (access === undefined) return undefined;
  const fields = deepFreeze({
    id: clusterId(identity),
    identity,
    access,
    settings: settingsOf(declared.settings),
    tags: declared.tags ?? {},
    onDelete: declared.onDelete ?? "wake",
    costPerHour: declared.costPerHour ?? null,
    converge: convergesOnUp(declared.converge, hub),
    exclusionsByTag: exclusionsByTag(identity, exclusions),
  });
  if (exclusion !== null) return Object.freeze({ ...fields, exclusion, scheduleName: null, schedule: null });
  const schedule = declared.schedule === undefined ? undefined : schedules.get(declared.schedule);
  return schedule && Object.freeze({ ...fields, exclusion, scheduleName: schedule.name, schedule });
}

/** Whether `pulumi up` itself takes the cluster to where it should be. */
function convergesOnUp(declared: ClusterFields["converge"], hub: FleetContext["hub"]): boolean {
  const converge = declared ?? hub?.converge ?? "up";
  return converge === true || converge === "up";
}

/** What can be made out of fields whose shape may be wrong elsewhere. Unusable parts are empty. */
function lenientFields(raw: PlainRecord): { readonly identity: ClusterIdentity; readonly tags: Tags } {
  const text = (field: unknown) => (typeof field === "string" ? field : "");
  const tags = isPlainRecord(raw["tags"]) ? raw["tags"] : {};
  return {
    identity: { account: text(raw["account"]), region: text(raw["region"]), name: text(raw["name"]) },
    tags: Object.fromEntries(Object.entries(tags).map(([key, tag]) => [key, text(tag)])),
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

/** Fields that must be there, and the one that must not: a schedule of its own, where a rule excludes the cluster. */
function refuseGaps(
  { path, value }: { readonly path: string; readonly value: PlainRecord },
  base: Base,
  exclusion: Exclusion | null,
  { schedules, problems }: FleetContext,
): void {
  if (exclusion !== null && value["schedule"] !== undefined) {
    problems.add(
      pathTo(path, "schedule"),
      `must not be there, because the cluster is excluded (${quote(exclusion.reason)}): remove one of the two`,
    );
  }
  if (!base.isKnown) return;
  const isSilent = (field: string) => !(field in value) && !(field in base.raw);
  for (const [field, message] of Object.entries(REQUIRED_FIELDS)) {
    if (isSilent(field)) problems.add(pathTo(path, field), message);
  }
  if (exclusion === null && isSilent("schedule")) {
    const names = [...schedules.keys()];
    const choice = names.length === 0 ? "declare one under schedules" : `name one of ${enumerate(names)}`;
    problems.add(pathTo(path, "schedule"), `is required: ${choice}, or exclude the cluster`);
  }
}

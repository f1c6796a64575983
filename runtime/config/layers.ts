import { pathTo } from "../schedule/index.js";
import type { ClusterFields } from "./cluster-entry.js";
import { clusterFieldsSchema } from "./cluster-entry.js";
import type { PlainRecord } from "./plain-record.js";
import { isPlainRecord } from "./plain-record.js";
import type { Referents } from "./references.js";
import { checkReferences } from "./references.js";
import { overlay } from "./settings.js";
import { checkShape } from "./shape.js";
import type { Item, Source } from "./sources.js";
import { namedItems, onlyItem } from "./sources.js";
import { quote, suggest } from "./wording.js";

/** What a cluster's entry lies upon: the fleet's defaults, and above them its profile. */
export interface Base {
  /** As written, whether right or wrong, so that an entry's own problems are found in any case. */
  readonly raw: PlainRecord;
  /** Checked; undefined when something in it is wrong, which is noted where it is wrong. */
  readonly fields: ClusterFields | undefined;
  /** Where its role is declared. */
  readonly rolePath: string;
  /** false: there is no such profile, so that nobody knows what the entry lacks. */
  readonly isKnown: boolean;
}

/** Gives what lies below an entry, by its `profile` as written; an unknown one is noted at `path`. */
export type BaseOf = (profile: unknown, path: string) => Base;

const NOTHING: Base = { raw: {}, fields: {}, rolePath: "", isKnown: true };

/** Reads `defaults` and `profiles`. Each is checked once, whether clusters use it or not: its problems lie at its own path. */
export function parseLayers(sources: readonly Source[], referents: Referents): BaseOf {
  const { problems } = referents;
  const item = onlyItem(sources, "defaults", problems);
  const defaults = item === undefined ? NOTHING : layerOver(NOTHING, item, referents);
  const profiles = new Map(
    namedItems(sources, "profiles", problems).map((profile) => [profile.name, layerOver(defaults, profile, referents)]),
  );
  return (profile, path) => {
    if (profile === undefined) return defaults;
    const base = typeof profile === "string" ? profiles.get(profile) : undefined;
    if (base !== undefined) return base;
    if (typeof profile === "string") {
      problems.add(path, `no profile is called ${quote(profile)}${suggest(profile, [...profiles.keys()])}`);
    }
    return { ...defaults, fields: undefined, isKnown: false };
  };
}

/** Lays fields over others: tags and settings are merged key by key, everything else is replaced. */
export function layFields<T extends ClusterFields>(below: ClusterFields, above: T): ClusterFields & T {
  return {
    ...below,
    ...above,
    ...(below.tags && above.tags && { tags: { ...below.tags, ...above.tags } }),
    ...(below.settings && above.settings && { settings: overlay(below.settings, above.settings) }),
  };
}

/** The same for fields as written, of which any may be wrong. */
export function layRaw(below: PlainRecord, above: PlainRecord): PlainRecord {
  const [lower, upper] = [below["tags"], above["tags"]];
  return { ...below, ...above, ...(isPlainRecord(lower) && isPlainRecord(upper) && { tags: { ...lower, ...upper } }) };
}

function layerOver(below: Base, { path, value }: Item, referents: Referents): Base {
  const own = referents.problems.take(checkShape(clusterFieldsSchema, value, path));
  const raw = isPlainRecord(value) ? value : {};
  checkReferences(raw, path, referents);
  return {
    raw: layRaw(below.raw, raw),
    fields: below.fields && own && layFields(below.fields, own),
    rolePath: "role" in raw ? pathTo(path, "role") : below.rolePath,
    isKnown: true,
  };
}

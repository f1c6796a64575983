import { stringify } from "yaml";

import { DEFAULT_ROLE } from "../../config/index.js";
import type { ClusterIdentity } from "../../ports/index.js";
import { isoOf } from "../instant.js";
import { unreadOf, type Sighting } from "./grounds.js";
import type { SortedClusters } from "./sort-clusters.js";

/** How the clusters were found, as far as it stands in their entries. */
interface Way {
  readonly role: string;
  readonly externalId?: string | undefined;
  readonly scheduleTag: string;
  /** Whether the schedules were checked against config. */
  readonly isChecked: boolean;
  readonly at: number;
}

/**
 * What was found as a catalogue for a person to review: one line a cluster, those in doubt and what could not be looked at
 * in comments only, so that the file as it is schedules nothing that nobody asked for. Pure.
 */
export function catalogueText(
  { imported, doubtful, declared }: SortedClusters,
  sightings: readonly Sighting[],
  way: Way,
): string {
  const schedules = [...new Set(imported.map(({ schedule }) => schedule))].sort();
  const unread = unreadOf(sightings);
  return [
    "# yaml-language-server: $schema=curfew.schema.json",
    `# Written by curfew import at ${isoOf(way.at)}. Nothing was changed in any account, and nothing sleeps by this file`,
    "# before a stack names it: review it, then set curfew:catalogue to its path and run curfew validate.",
    ...(way.isChecked || schedules.length === 0
      ? []
      : [
          `# No config was given to check against. These schedules must be declared: ${schedules.map(shown).join(", ")}`,
        ]),
    ...(declared.length === 0 ? [] : [`# Left out, because declared already: ${declared.length}`]),
    "clusters:",
    ...imported.map(({ identity, schedule }) => `  - ${flow({ ...identityOf(identity), schedule, ...accessOf(way) })}`),
    ...(doubtful.length === 0
      ? []
      : ["", `# To review: not scheduled. Give them the tag ${way.scheduleTag}, or a schedule here.`]),
    ...doubtful.map(({ identity, reason }) => `#  - ${flow(identityOf(identity))} # ${shown(reason)}`),
    ...(unread.length === 0 ? [] : ["", "# Not looked at, because it failed. Whatever is there is missing above."]),
    ...unread.map(
      ({ account, region, failure }) => `#  ${account} ${region}: [${failure.code}] ${shown(failure.message)}`,
    ),
    "",
  ].join("\n");
}

function identityOf({ name, account, region }: ClusterIdentity) {
  return { name, account, region };
}

function accessOf({ role, externalId }: Way) {
  return { ...(role !== DEFAULT_ROLE && { role }), ...(externalId !== undefined && { externalId }) };
}

/** Quoted also where only YAML 1.1, which Pulumi reads, takes a word for something else: off, no. */
function flow(entry: object): string {
  return stringify(entry, { collectionStyle: "flow", lineWidth: 0, version: "1.1" }).trim();
}

/** A tag may hold a line break, and a comment ends there. */
function shown(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ");
}

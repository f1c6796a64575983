import * as z from "zod";

import { parseClusterDeclaration, type ClusterSpec, type Tags } from "../runtime/config/index.js";
import { parseClusterId, type ClusterIdentity } from "../runtime/ports/index.js";
import type { Schedule } from "../runtime/schedule/index.js";
import { UNKNOWN, valueAt } from "./value.js";

/** The type of the resource that stands for one cluster under a schedule. */
export const CLUSTER_SCHEDULE = "pulumi-nodejs:dynamic/curfew:ClusterSchedule";

/** What rules need to know of a declared cluster. */
export interface DeclaredCluster {
  readonly id: string;
  readonly identity: ClusterIdentity;
  readonly tags: Tags;
  /** Null for an excluded cluster, which has none. */
  readonly schedule: Schedule | null;
  readonly settings: ClusterSpec["settings"];
  readonly onDelete: "wake" | "leave";
  /** USD for an hour awake. */
  readonly costPerHour?: number | undefined;
}

/** A declaration that was read, or why it could not be. */
export type ClusterReading =
  { readonly ok: true; readonly cluster: DeclaredCluster } | { readonly ok: false; readonly problem: string };

/** What differs from cluster to cluster. The rest is the same text for many. */
const ownSchema = z.object({
  id: z.string(),
  schedule: z.unknown().optional(),
  settings: z.unknown().optional(),
  tags: z.record(z.string(), z.string()).default({}),
  onDelete: z.enum(["wake", "leave"]).default("wake"),
  costPerHour: z.number().optional(),
});

type Shared = Pick<ClusterSpec, "schedule" | "settings">;

const shared = new Map<string, Shared>();
let last: { readonly text: unknown; readonly reading: ClusterReading } | undefined;

/** Reads the declaration of a ClusterSchedule. Several rules ask about the same resource in turn, so the last is kept. */
export function readClusterSchedule(props: unknown): ClusterReading {
  const text = valueAt(props, "declaration");
  if (last === undefined || last.text !== text) last = { text, reading: readDeclaration(text) };
  return last.reading;
}

/** The declared cluster; undefined when it cannot be read, which the rule of exclusions tells. */
export function declaredCluster(props: unknown): DeclaredCluster | undefined {
  const reading = readClusterSchedule(props);
  return reading.ok ? reading.cluster : undefined;
}

function readDeclaration(text: unknown): ClusterReading {
  if (text === UNKNOWN) return unreadable("it is not known before the stack is up");
  if (typeof text !== "string") return unreadable("it is missing");
  const own = ownSchema.safeParse(parseJson(text));
  const identity = parseClusterId(own.data?.id ?? "");
  if (!own.success || identity === undefined) return unreadable("it is not what Curfew writes");
  const { schedule, settings, ...rest } = own.data;
  const common = readShared(text, JSON.stringify([schedule, settings]));
  return common.ok ? { ok: true, cluster: { ...rest, identity, ...common.value } } : common;
}

/** Schedules and settings are checked in full, but each only once: for a thousand clusters that would be a quarter of a second. */
function readShared(
  text: string,
  key: string,
): { readonly ok: true; readonly value: Shared } | Extract<ClusterReading, { readonly ok: false }> {
  const known = shared.get(key);
  if (known !== undefined) return { ok: true, value: known };
  const parsed = parseClusterDeclaration(text);
  if (!parsed.ok) return unreadable(parsed.problems.map(({ path, message }) => `${path} ${message}`.trim()).join("; "));
  const { schedule, settings } = parsed.value;
  shared.set(key, { schedule, settings });
  return { ok: true, value: { schedule, settings } };
}

const unreadable = (problem: string) => ({ ok: false, problem }) as const;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import type { ScheduledCluster } from "../config/index.js";
import { parseClusterDeclaration } from "../config/index.js";

/** What Pulumi keeps and sends: plain JSON, with the provider's own text under {@link PROVIDER_KEY}. */
export type Properties = Readonly<Record<string, unknown>>;

/** What a ClusterSchedule is declared with. Everything is known at preview, and nothing is secret. */
export interface ClusterScheduleInputs {
  /** The cluster's name in EKS, as in `declaration`; here for people and policies. */
  readonly cluster: string;
  readonly account: string;
  readonly region: string;
  /** Name of its schedule. */
  readonly schedule: string;
  /** The whole declaration, as `serialiseCluster` writes it. */
  readonly declaration: string;
  /** Path of the state file, relative to the project's folder; absent: the runtime's default. */
  readonly statePath?: string;
}

/** The key under which Pulumi keeps the provider's text beside the properties. */
export const PROVIDER_KEY = "__provider";

/** What stands in place of a value that a preview cannot know yet (`rpc.unknownValue` of Pulumi's SDK). */
const UNKNOWN_VALUE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** One input that is wrong, in Pulumi's words. */
export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

/** Inputs that were read and understood. */
export interface Declared {
  readonly inputs: ClusterScheduleInputs;
  readonly spec: ScheduledCluster;
}

export type ParsedInputs =
  { readonly ok: true; readonly value: Declared } | { readonly ok: false; readonly failures: readonly CheckFailure[] };

const READABLE = ["cluster", "account", "region", "schedule"] as const;

/** Whether any input is still unknown, as it may be in a preview. */
export function hasUnknown(properties: Properties): boolean {
  return [...READABLE, "declaration", "statePath"].some((key) => properties[key] === UNKNOWN_VALUE);
}

/** Reads inputs. Pure; every problem at once. */
export function parseInputs(properties: Properties): ParsedInputs {
  const failures = [...requireText(properties), ...checkStatePath(properties["statePath"])];
  const spec = parseSpec(properties["declaration"], failures);
  if (spec === undefined) return { ok: false, failures };
  const inputs = inputsOf(spec, properties);
  for (const key of READABLE) {
    if (typeof properties[key] === "string" && properties[key] !== inputs[key]) {
      failures.push({ property: key, reason: `must be "${inputs[key]}", as in the declaration` });
    }
  }
  return failures.length > 0 ? { ok: false, failures } : { ok: true, value: { inputs, spec } };
}

function requireText(properties: Properties): CheckFailure[] {
  return [...READABLE, "declaration"]
    .filter((key) => typeof properties[key] !== "string")
    .map((property) => ({ property, reason: "is required: text" }));
}

function checkStatePath(path: unknown): CheckFailure[] {
  if (path === undefined || (typeof path === "string" && path !== "")) return [];
  return [{ property: "statePath", reason: "must be the path of the state file" }];
}

/** Excluded means excluded here too, although the program declares no resource for such a cluster (design §3.8). */
function parseSpec(declaration: unknown, failures: CheckFailure[]): ScheduledCluster | undefined {
  if (typeof declaration !== "string") return undefined;
  const refuse = (reason: string) => void failures.push({ property: "declaration", reason });
  const parsed = parseOnce(declaration);
  if (!parsed.ok) {
    for (const { path, message } of parsed.problems) refuse(`${path} ${message}`.trimStart());
    return undefined;
  }
  if (parsed.value.exclusion === null) return parsed.value;
  refuse(`the cluster is excluded (${parsed.value.exclusion.reason}): take one of the two out of the config`);
  return undefined;
}

let lastRead: { readonly text: string; readonly parsed: ReturnType<typeof parseClusterDeclaration> } | undefined;

/** The engine checks a resource and at once asks for its difference: with 1,000 of them reading twice is felt. */
function parseOnce(text: string): ReturnType<typeof parseClusterDeclaration> {
  if (lastRead?.text !== text) lastRead = { text, parsed: parseClusterDeclaration(text) };
  return lastRead.parsed;
}

function inputsOf({ identity, scheduleName }: ScheduledCluster, properties: Properties): ClusterScheduleInputs {
  const { declaration, statePath } = properties;
  return {
    cluster: identity.name,
    account: identity.account,
    region: identity.region,
    schedule: scheduleName,
    declaration: String(declaration),
    ...(typeof statePath === "string" ? { statePath } : {}),
  };
}

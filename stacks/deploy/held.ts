import { ClusterSchedule } from "../../dynamic-providers/cluster-schedule.js";
import { parseClusterDeclaration } from "../../runtime/config/index.js";

/** One cluster as a stack's state has it. */
export interface HeldCluster {
  /** `account/region/name`. */
  readonly id: string;
  readonly urn: string;
  /** As Curfew last saw it: `running`, `hibernated` or `unknown`. */
  readonly state: string;
  /** Declared with `onDelete: leave`: it is not woken when its schedule is deleted. */
  readonly isLeft: boolean;
  /** Whether something else has to outlive it, as the hub's table. */
  readonly isTied: boolean;
}

/** What of a stack's state a deployment looks at. */
export interface HeldState {
  readonly clusters: readonly HeldCluster[];
  /** Whether there are neither clusters nor parts of a hub. */
  readonly isEmpty: boolean;
  /** Whether there is nothing at all, not even what the engine keeps for itself: only then can the stack be removed. */
  readonly isBlank: boolean;
  /** Clusters whose creation was under way when an earlier run was cut off. */
  readonly interrupted: readonly string[];
}

interface Deployment {
  readonly resources?: readonly Resource[];
  readonly pending_operations?: readonly { readonly resource: Resource; readonly type: string }[];
}

interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly delete?: boolean;
  readonly dependencies?: readonly string[];
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** A stack of which the backend knows nothing. */
export const NOTHING_HELD: HeldState = { clusters: [], isEmpty: true, isBlank: true, interrupted: [] };

/** Reads what a stack holds out of its exported deployment. What is marked for deletion counts as gone. */
export function readHeld(deployment: unknown): HeldState {
  const { resources = [], pending_operations: pending = [] } = (deployment ?? {}) as Deployment;
  const clusters = resources.filter((resource) => isSchedule(resource) && resource.delete !== true).map(heldCluster);
  const own = resources.filter(({ type }) => type !== "pulumi:pulumi:Stack" && !type.startsWith("pulumi:providers:"));
  return {
    clusters,
    isEmpty: own.length === 0,
    isBlank: resources.length === 0,
    interrupted: pending.filter(isCreation).map(({ resource }) => resource.urn),
  };
}

/**
 * The deployment without the creations of clusters that were cut off, which the engine would go on warning of: registering
 * a cluster again is safe. Those of other resources stay, for somebody has to look whether they are there.
 */
export function withoutInterruptedCreations<T>(deployment: T): T {
  const { pending_operations: pending = [] } = deployment as Deployment;
  return { ...deployment, pending_operations: pending.filter((operation) => !isCreation(operation)) };
}

function isCreation({ resource, type }: { readonly resource: Resource; readonly type: string }): boolean {
  return type === "creating" && isSchedule(resource);
}

function isSchedule({ type }: Resource): boolean {
  return type === ClusterSchedule.__pulumiType;
}

function heldCluster({ urn, id, inputs = {}, outputs = {}, dependencies = [] }: Resource): HeldCluster {
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  const declared = parseClusterDeclaration(text(inputs["declaration"]));
  const fromInputs = [inputs["account"], inputs["region"], inputs["cluster"]].map(text).join("/");
  return {
    id: id ?? fromInputs,
    urn,
    state: text(outputs["state"]) || "unknown",
    isLeft: declared.ok && declared.value.onDelete === "leave",
    isTied: dependencies.length > 0,
  };
}

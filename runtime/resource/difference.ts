import { serialiseCluster, type ScheduledCluster } from "../config/index.js";
import { clusterStatus } from "../fleet/index.js";
import { parseClusterId, type ClusterIdentity, type ClusterRecord } from "../ports/index.js";
import type { ResourceHost } from "./host.js";
import { hasUnknown, parseInputs, type Properties } from "./inputs.js";

/** Pulumi's result of a diff. */
export interface DiffResult {
  readonly changes: boolean;
  readonly replaces?: string[];
  readonly deleteBeforeReplace?: boolean;
}

/**
 * Whether an update is due: something that matters was edited, or the cluster is not where its calendar wants it
 * *now*. Another cluster is another resource; the old one is woken first. `olds` are outputs, `news` inputs. Reads the
 * state store by key and nothing else; the provider's own text never counts. Throws `Failure` store-unavailable.
 */
export async function differ(id: string, olds: Properties, news: Properties, host: ResourceHost): Promise<DiffResult> {
  const next = parseInputs(news);
  // What is unknown, or only now unreadable, is left to the update.
  if (hasUnknown(news) || !next.ok) return { changes: true };
  const { inputs, spec } = next.value;
  const replaces = changedIdentity(id, spec.identity);
  if (replaces.length > 0) return { changes: true, replaces, deleteBeforeReplace: true };
  if (olds["statePath"] !== inputs.statePath) return { changes: true };
  const { store, clock } = await host.portsFor(inputs.statePath);
  const record = await store.readCluster(spec.id);
  if (isEdited(inputs.declaration, spec, record)) return { changes: true };
  return { changes: spec.converge && !isAsWanted(olds, spec, record, clock.now()) };
}

const INPUT_OF = { name: "cluster", account: "account", region: "region" } as const;

/** The inputs that make it another cluster than the one of that id. */
function changedIdentity(id: string, identity: ClusterIdentity): string[] {
  const before = parseClusterId(id);
  const fields = ["name", "account", "region"] as const;
  return fields.filter((field) => before?.[field] !== identity[field]).map((field) => INPUT_OF[field]);
}

/** Compares what was declared by its meaning, so that another way of writing it is no change; the same text needs no writing anew. */
function isEdited(declaration: string, spec: ScheduledCluster, record: ClusterRecord | undefined): boolean {
  return record?.declaration !== declaration && record?.declaration !== serialiseCluster(spec);
}

/** Both must agree with the calendar: the store, where any run notes what it reached, and the outputs, which a refresh corrects. */
function isAsWanted(olds: Properties, spec: ScheduledCluster, record: ClusterRecord | undefined, now: number): boolean {
  const status = clusterStatus(spec.id, spec.schedule, record, now);
  return status.isAsWanted && olds["state"] === status.verdict.state;
}

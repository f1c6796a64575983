import { serialiseCluster } from "../config/index.js";
import { readStatus } from "../fleet/index.js";
import type { ResourceHost } from "./host.js";
import { hasUnknown, parseInputs, type Declared, type Properties } from "./inputs.js";

/** Pulumi's result of a diff. */
export interface DiffResult {
  readonly changes: boolean;
  readonly replaces?: string[];
  readonly deleteBeforeReplace?: boolean;
}

const IDENTITY = ["cluster", "account", "region"] as const;

/**
 * Whether an update is due: something that matters was edited, or the cluster is not where its calendar wants it
 * *now*. Another cluster is another resource; the old one is woken first. Reads the state store by key and nothing
 * else; the provider's own text never counts. Throws `Failure` store-unavailable.
 */
export async function differ(olds: Properties, news: Properties, host: ResourceHost): Promise<DiffResult> {
  const next = parseInputs(news);
  // What is unknown, or only now unreadable, is left to the update.
  if (hasUnknown(news) || !next.ok) return { changes: true };
  const replaces = IDENTITY.filter((key) => olds[key] !== next.value.inputs[key]);
  if (replaces.length > 0) return { changes: true, replaces, deleteBeforeReplace: true };
  if (isEdited(olds, next.value)) return { changes: true };
  return { changes: next.value.spec.converge && !(await isAsWanted(olds, next.value, host)) };
}

/** Compares what was declared by its meaning, so that another way of writing it, or another key order, is no change. */
function isEdited(olds: Properties, { spec, inputs }: Declared): boolean {
  const before = parseInputs(olds);
  if (!before.ok || before.value.inputs.statePath !== inputs.statePath) return true;
  return serialiseCluster(before.value.spec) !== serialiseCluster(spec);
}

/** Both must agree with the calendar: the store, where any run notes what it reached, and the outputs, which a refresh corrects. */
async function isAsWanted(olds: Properties, { spec, inputs }: Declared, host: ResourceHost): Promise<boolean> {
  const status = await readStatus(spec, host.portsFor(inputs.statePath));
  return status.isAsWanted && olds["state"] === status.verdict.state;
}

import { readStatus } from "../fleet/index.js";
import type { ResourceHost } from "./host.js";
import { hasUnknown, parseInputs, type Declared, type Properties } from "./inputs.js";
import { fingerprintOf } from "./outputs.js";

/** Pulumi's result of a diff. */
export interface DiffResult {
  readonly changes: boolean;
  readonly replaces?: string[];
  readonly deleteBeforeReplace?: boolean;
}

const IDENTITY = ["cluster", "account", "region"] as const;

/**
 * Whether an update is due: something that matters was edited, or the cluster is not where its calendar wants it
 * *now*. Another cluster is another resource; the old one is woken first. `olds` are outputs, `news` inputs. Reads the
 * state store by key and nothing else; the provider's own text never counts. Throws `Failure` store-unavailable.
 */
export async function differ(olds: Properties, news: Properties, host: ResourceHost): Promise<DiffResult> {
  const next = parseInputs(news);
  // What is unknown, or only now unreadable, is left to the update.
  if (hasUnknown(news) || !next.ok) return { changes: true };
  const { inputs, spec } = next.value;
  const replaces = IDENTITY.filter((key) => olds[key] !== inputs[key]);
  if (replaces.length > 0) return { changes: true, replaces, deleteBeforeReplace: true };
  const isEdited = olds["fingerprint"] !== fingerprintOf(spec) || olds["statePath"] !== inputs.statePath;
  return { changes: isEdited || (spec.converge && !(await isAsWanted(olds, next.value, host))) };
}

/** Both must agree with the calendar: the store, where any run notes what it reached, and the outputs, which a refresh corrects. */
async function isAsWanted(olds: Properties, { spec, inputs }: Declared, host: ResourceHost): Promise<boolean> {
  const status = await readStatus(spec, host.portsFor(inputs.statePath));
  return status.isAsWanted && olds["state"] === status.verdict.state;
}

import { checkInputs, type CheckResult } from "./check.js";
import { registerAndConverge } from "./converge.js";
import { differ, type DiffResult } from "./difference.js";
import { readCluster, type ReadResult } from "./drift.js";
import { plainFailure } from "./failures.js";
import type { ResourceHost } from "./host.js";
import { parseInputs, type Declared, type Properties } from "./inputs.js";
import { removeCluster } from "./removal.js";
import { Failure } from "../ports/index.js";

/**
 * The six methods of Pulumi's dynamic providers for a ClusterSchedule, with plain JSON in and out. All errors are
 * single sentences with a stable code; those of create and update keep the resource and let the next `up` go on.
 */
export interface Lifecycle {
  readonly check: (olds: Properties, news: Properties) => Promise<CheckResult>;
  readonly diff: (id: string, olds: Properties, news: Properties) => Promise<DiffResult>;
  readonly create: (inputs: Properties) => Promise<{ readonly id: string; readonly outs: Properties }>;
  readonly update: (id: string, olds: Properties, news: Properties) => Promise<{ readonly outs: Properties }>;
  readonly read: (id: string, props?: Properties) => Promise<ReadResult>;
  readonly remove: (id: string, props: Properties) => Promise<void>;
}

/** The lifecycle of all ClusterSchedules of one process. */
export function createLifecycle(host: ResourceHost): Lifecycle {
  return {
    check: (_olds, news) => Promise.resolve(checkInputs(news)),
    diff: (id, olds, news) => orPlainFailure(() => differ(id, olds, news, host)),
    create: (inputs) =>
      orPlainFailure(async () => {
        const declared = understood(inputs);
        return { id: declared.spec.id, outs: { ...(await registerAndConverge(declared, inputs, host)) } };
      }),
    update: (_id, _olds, news) =>
      orPlainFailure(async () => ({ outs: { ...(await registerAndConverge(understood(news), news, host)) } })),
    read: (id, props = {}) => orPlainFailure(() => readCluster(id, props, host)),
    remove: (id, props) => orPlainFailure(() => removeCluster(id, props, host)),
  };
}

/** A check went before, but it may have seen unknown values. */
function understood(properties: Properties): Declared {
  const parsed = parseInputs(properties);
  if (parsed.ok) return parsed.value;
  throw new Failure({
    code: "config-invalid",
    message: parsed.failures.map(({ property, reason }) => `${property}: ${reason}.`).join(" "),
    remedy: "Correct the stack's config and run `pulumi up` again.",
  });
}

/** Errors that already carry an id are Pulumi's partial failures and go on as they are. */
async function orPlainFailure<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof Error && "id" in error ? error : plainFailure(error);
  }
}

import type { FailureInfo } from "../ports/index.js";
import { failureInfo } from "../ports/index.js";
import type { ClusterScheduleOutputs } from "./outputs.js";
import { PROVIDER_KEY, type Properties } from "./inputs.js";

/** A failure as one line: stable code, what happened, what to do. */
export function failureLine({ code, message, remedy }: FailureInfo): string {
  return `[${code}] ${message} ${remedy}`;
}

/**
 * The error by which Pulumi keeps a resource although a step of it failed: the outputs reached so far stay, and the
 * next `up` goes on with an update even if nothing was edited. Pulumi's host adds the provider's text to results
 * but not to errors, and without it no later refresh or delete works: hence it is copied from the method's argument.
 */
export function partialFailure(
  id: string,
  reason: string,
  outputs: ClusterScheduleOutputs,
  properties: Properties,
): Error {
  return Object.assign(silentStack(new Error(reason)), {
    id,
    reasons: [reason],
    properties: { ...outputs, [PROVIDER_KEY]: properties[PROVIDER_KEY] },
  });
}

/** The error by which a step fails and leaves Pulumi's record as it was. */
export function plainFailure(error: unknown): Error {
  return silentStack(new Error(failureLine(failureInfo(error)), { cause: error }));
}

/** Pulumi's host prints the stack of an error beside its message, which buries the sentence that says what to do. */
function silentStack(error: Error): Error {
  error.stack = "";
  return error;
}

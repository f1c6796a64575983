import type { Clock } from "../../ports/index.js";
import { hasStatus, isAnotherObject } from "./fault.js";
import { retryTransient } from "./retry.js";
import { translateError, type ClusterNames, type Permission } from "./translate-error.js";

/**
 * Sends an idempotent request: retried over transient faults, its last error translated to a `Failure`.
 * `permission` names the request in messages.
 */
export type Ask = <T>(permission: Permission, attempt: () => Promise<T>) => Promise<T>;

/** The way in which every idempotent request to one cluster is sent. */
export function createAsk(clock: Clock, names: ClusterNames): Ask {
  return async (permission, attempt) => {
    try {
      return await retryTransient(attempt, clock);
    } catch (error) {
      // Answers that a caller gives a meaning of its own come through as they are.
      if (hasStatus(error, 404) || hasStatus(error, 410) || isAnotherObject(error)) throw error;
      throw translateError(error, permission, names);
    }
  };
}

/** The request's result, or null when the object is not there. */
export async function orNull<T>(request: Promise<T>): Promise<T | null> {
  try {
    return await request;
  } catch (error) {
    if (hasStatus(error, 404)) return null;
    throw error;
  }
}

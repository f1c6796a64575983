import type { ClusterAccess, ClusterIdentity } from "../../ports/index.js";
import { translateAwsError } from "./translate-error.js";

/** Sends a request; its error becomes a `Failure` that names the IAM action. */
export type AskAws = <T>(action: string, request: () => Promise<T>) => Promise<T>;

/** The way in which every request about one cluster is sent. Retries are the SDK's. */
export function createAskAws(cluster: ClusterIdentity, access: ClusterAccess): AskAws {
  return async (action, request) => {
    try {
      return await request();
    } catch (error) {
      throw translateAwsError(error, { action, access, cluster });
    }
  };
}

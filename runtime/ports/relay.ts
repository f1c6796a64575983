import type { ApiAnswer, ApiRequest } from "./api-exchange.js";

/** What a relay function is called with: a request, and whom to give it to. A secret, for the request is one. */
export interface RelayEvent extends ApiRequest {
  /** URL of the API server. */
  readonly endpoint: string;
  /** PEM. */
  readonly certificateAuthority: string;
}

/**
 * What a relay answers: the API server's answer, or why there is none. `code` is `bad-request`, `host-refused`, `too-large`
 * (more than Lambda lets a function answer), `timed-out`, or Node's code of a broken connection.
 */
export type RelayAnswer = ApiAnswer | { readonly error: { readonly code: string; readonly message: string } };

/** Lambda's longest name of a function. */
const LONGEST_NAME = 64;

/**
 * Name of the relay function of a cluster, in the cluster's account and Region. Of a cluster's name, the first 51 characters
 * tell: a second relay by the same name is refused by AWS when it is made.
 */
export const relayFunctionName = (clusterName: string): string => `curfew-relay-${clusterName}`.slice(0, LONGEST_NAME);

import type { ClusterAccess } from "./cluster.js";
import type { FailureInfo } from "./failure.js";

/**
 * The ways to a cluster's API server: `hub` straight from where Curfew runs, `spoke-resident` through a relay function in
 * the cluster's own VPC, `api-only` none: only AWS's API.
 */
export const REACHES = ["hub", "spoke-resident", "api-only"] as const;

export type Reach = (typeof REACHES)[number];

/** How requests get there. `either`: through the relay if there is one, else straight. */
export type Way = "direct" | "relay" | "either" | "none";

/**
 * The way to a cluster's API server: as declared, else by its endpoint. A private endpoint without a relay may still be
 * reached from a connected network.
 */
export function wayInto({ reach }: ClusterAccess, facts: { readonly hasPublicEndpoint: boolean }): Way {
  if (reach === undefined) return facts.hasPublicEndpoint ? "direct" : "either";
  return WAYS[reach];
}

const WAYS: Readonly<Record<Reach, Way>> = { hub: "direct", "spoke-resident": "relay", "api-only": "none" };

const WORDS: Readonly<Record<Way, string>> = {
  direct: "Its API server is reached straight from here (hub).",
  relay: "Its API server is reached through a relay in its VPC (spoke-resident).",
  either: "Its endpoint is private: reached through a relay in its VPC if there is one, else straight from here.",
  none: "Its API server is declared to be out of reach (api-only).",
};

/** A way in a sentence for a person. */
export const describeWay = (way: Way): string => WORDS[way];

/** Why nothing is done with a cluster whose way in is `none`: no node group goes to zero undrained. */
export const outOfReach = (name: string): FailureInfo => ({
  code: "endpoint-unreachable",
  message: `The API server of ${name} is declared to be out of reach (reach: api-only), and without it nothing can be drained.`,
  remedy: "Give the cluster a PrivateDrain and declare reach: spoke-resident, or exclude the cluster.",
});

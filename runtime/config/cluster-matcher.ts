import * as z from "zod";

import type { ClusterIdentity } from "../ports/index.js";
import { matchesGlob } from "./glob.js";

/** The parts of a rule that say which clusters it means, by who they are. */
export const matcherFields = {
  cluster: z.string().min(1).describe("The cluster's name; * and ? are wildcards.").exactOptional(),
  account: z
    .string({ error: "must be twelve digits in quotes" })
    .regex(/^\d{12}$/, { error: "must be twelve digits" })
    .describe("The cluster's account: twelve digits in quotes.")
    .exactOptional(),
  region: z.string().min(1).describe("The cluster's Region.").exactOptional(),
};

/** Which clusters a rule means: those that fit all that it says. */
export interface ClusterMatcher {
  readonly cluster?: string;
  readonly account?: string;
  readonly region?: string;
}

/** Whether a cluster fits everything that `matcher` says. A matcher that says nothing fits every cluster. */
export function fitsIdentity(matcher: ClusterMatcher, { account, region, name }: ClusterIdentity): boolean {
  return (
    (matcher.cluster === undefined || matchesGlob(matcher.cluster, name)) &&
    (matcher.account ?? account) === account &&
    (matcher.region ?? region) === region
  );
}

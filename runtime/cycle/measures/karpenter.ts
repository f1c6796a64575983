import type { ApiObject } from "../../ports/index.js";
import { amend, type Amendment, type AmendmentWish } from "../amendment.js";
import { NODE_POOLS } from "../resource-types.js";
import { readPool, type KarpenterPool } from "./karpenter-objects.js";
import type { Measure, MeasurePlan } from "./measure.js";

/**
 * No NodePool launches anything for the night: a dynamic one gets a CPU limit of 0, a static one 0 replicas. A pool is
 * never deleted, which would delete its nodes with it, and its template never changed, which would replace them
 * (safe-cycle H23, H24, H26). The nodes that are there already go by their NodeClaims, in a step of its own.
 */
export const KARPENTER: Measure = {
  purpose: "karpenter",
  reads: [NODE_POOLS],
  plan: (survey): MeasurePlan => {
    const pools = survey.of(NODE_POOLS).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    const read = pools.map((object) => ({ object, pool: readPool(object) }));
    return {
      amendments: read.flatMap(({ object, pool }) => (pool === null ? [] : amendmentsOf(object, pool))),
      notes: read
        .filter(({ pool }) => pool === null)
        .map(({ object }) => `NodePool ${object.metadata.name}: left alone, since Curfew does not know its shape.`),
      refusal: null,
    };
  },
};

function amendmentsOf(object: ApiObject, pool: KarpenterPool): readonly Amendment[] {
  if (pool.isBuiltIn) return [];
  const amendment = amend(object, { purpose: "karpenter", type: NODE_POOLS, ...leverOf(pool) });
  return amendment === null ? [] : [amendment];
}

/** CPU is a quoted string: as a number it would differ for ever from what GitOps holds (safe-cycle H7). */
const NO_CPU = "0";

/** Where a pool has no limits at all the whole field is ours, so that nothing of it stays when it is given back (S40). */
function leverOf({ kind, hasLimits }: KarpenterPool): Pick<AmendmentWish, "path" | "ours" | "reason"> {
  if (kind === "static") return { path: ["spec", "replicas"], ours: 0, reason: "a static pool keeps its nodes up" };
  const reason = "Karpenter launches nodes for evicted pods";
  return hasLimits
    ? { path: ["spec", "limits", "cpu"], ours: NO_CPU, reason }
    : { path: ["spec", "limits"], ours: { cpu: NO_CPU }, reason };
}

import { podId } from "./pod-kind.js";
import { reasonFor, type ReasonContext } from "./reasons.js";
import { silentNodes } from "./instances.js";
import { stillStanding, takeCensus, type Census, type DrainState } from "./state.js";

/** How far a drain is, flat as events carry it. Every pod is in exactly one of the pod counts. */
export interface DrainProgress {
  /** What it is doing or waiting for, in one sentence. */
  readonly sentence: string;
  readonly deadlineAt: number;
  readonly nodes: number;
  readonly nodesDrained: number;
  readonly nodesRefused: number;
  readonly podsGone: number;
  readonly podsTerminating: number;
  /** Not tried yet. */
  readonly podsToEvict: number;
  /** Held by budgets, marks or loops. */
  readonly podsBlocked: number;
  readonly podsRefused: number;
  /** Stay until their node goes. */
  readonly podsSkipped: number;
}

/** How far it is at `now`: a pure function of what was seen. */
export function snapshotProgress(state: DrainState, now: number, deadlineAt: number): DrainProgress {
  const census = takeCensus(state, now);
  const nodes = [...state.nodes.values()];
  const nodesDrained = nodes.filter(({ isEmpty }) => isEmpty).length;
  const podsTerminating = census.leaving.length + census.stuck.length + census.lifeless.length;
  const standing = stillStanding(census).length;
  const obstacle = firstObstacle(census, {
    now,
    deadlineAt,
    silentNodes: silentNodes(state.nodes.values(), state.instances),
  });
  return {
    sentence: `${nodesDrained} of ${nodes.length} nodes drained, ${standing} pods to go, ${podsTerminating} terminating${obstacle}.`,
    deadlineAt,
    nodes: nodes.length,
    nodesDrained,
    nodesRefused: state.refusedNodes.size,
    podsGone: census.gone.length,
    podsTerminating,
    podsToEvict: census.untried.length,
    podsBlocked: standing - census.untried.length,
    podsRefused: census.refused.length + census["left-alone"].length,
    podsSkipped: census.skipped.length,
  };
}

/** The pod that is most in the way, and why. */
function firstObstacle(census: Census, context: ReasonContext): string {
  for (const stage of ["stuck", "held", "looping", "waiting"] as const) {
    const [first] = census[stage];
    if (first !== undefined) return `; ${podId(first.pod)} ${reasonFor(first, stage, context) ?? "is in the way"}`;
  }
  return "";
}

import type { DesiredState } from "../schedule/index.js";
import type { FailureInfo, NodeGroup } from "../ports/index.js";
import { driftNotes, judgeDrift } from "./drift.js";
import { isAtZero, isEmpty, type Observation } from "./observation.js";

/** Who asks: a calendar respects what people did by hand until its next change (safe-cycle W3); a person's command is carried out. */
export type Origin = "schedule" | "person";

/** What a run is asked to reach. */
export interface Wish {
  readonly desired: DesiredState;
  readonly origin: Origin;
  /** On wake: at least so many nodes for every group that had some. */
  readonly minNodes: number;
  /** On wake: set the unreadable or foreign record aside and use `minNodes` alone. */
  readonly forget: boolean;
}

/** What the run does, and why, in words for a person. */
export type Decision =
  | {
      readonly action: "nothing";
      readonly state: DesiredState;
      readonly reason: string;
      readonly notes: readonly string[];
    }
  | {
      readonly action: "hibernate";
      readonly reason: string;
      readonly isResume: boolean;
      readonly notes: readonly string[];
    }
  | { readonly action: "wake"; readonly reason: string; readonly isResume: boolean; readonly notes: readonly string[] }
  /** Wake without a record, to sizes that a person gave. */
  | { readonly action: "wake-to-minimum"; readonly reason: string; readonly notes: readonly string[] }
  | { readonly action: "stop"; readonly failure: FailureInfo };

/** Pure: the same observation and wish always give the same decision. */
export function decide(wish: Wish, observation: Observation): Decision {
  const refusal = refuse(observation);
  if (refusal) return { action: "stop", failure: refusal };
  return wish.desired === "hibernated" ? decideHibernate(wish, observation) : decideWake(wish, observation);
}

/** What makes any change unsafe, before either direction is looked at (safe-cycle H6). */
function refuse({ cluster }: Observation): FailureInfo | null {
  if (cluster.status !== "ACTIVE" && cluster.status !== "UPDATING") {
    return {
      code: "cluster-not-active",
      message: `The cluster is ${cluster.status}, not ACTIVE.`,
      remedy: "Wait until EKS reports ACTIVE, or repair the cluster; Curfew changes nothing until then.",
    };
  }
  if (cluster.authenticationMode === "CONFIG_MAP") {
    return {
      code: "config-map-only",
      message: "The cluster takes identities from the aws-auth ConfigMap only, which Curfew does not edit.",
      remedy:
        "Switch it to access entries (one way): aws eks update-cluster-config --name NAME --access-config authenticationMode=API_AND_CONFIG_MAP",
    };
  }
  return null;
}

function decideHibernate(wish: Wish, observation: Observation): Decision {
  const { cycle } = observation;
  if (cycle === null || cycle.journal.phase === "undone") return hibernateFresh(observation);
  if (cycle.journal.phase === "hibernating") {
    return {
      action: "hibernate",
      isResume: true,
      reason: "An earlier run did not finish: go on where it stopped.",
      notes: [],
    };
  }
  if (cycle.journal.phase === "waking") {
    return {
      action: "hibernate",
      isResume: true,
      reason: "The cluster was being woken: take it back to sleep, with the sizes saved before.",
      notes: [],
    };
  }
  return hibernateAsleep(wish, observation);
}

function hibernateFresh(observation: Observation): Decision {
  if (observation.groups.length === 0 && observation.karpenterNodes.length === 0) {
    const notes = ["The cluster has no node groups that Curfew knows how to scale."];
    return { action: "nothing", state: "hibernated", reason: "There is nothing to put to sleep.", notes };
  }
  if (!isEmpty(observation)) return { action: "hibernate", isResume: false, reason: "It is running.", notes: [] };
  const notes = [
    "It has no nodes, but Curfew did not put it to sleep and knows no sizes to restore: wake it with `curfew wake NAME --min-nodes N`.",
  ];
  return { action: "nothing", state: "hibernated", reason: "Every node group is at zero already.", notes };
}

function hibernateAsleep(wish: Wish, observation: Observation): Decision {
  if (isEmpty(observation)) return { action: "nothing", state: "hibernated", reason: "It sleeps already.", notes: [] };
  if (wish.origin === "person") {
    const reason = "Somebody gave it nodes while it slept: put it back to sleep, with the sizes saved before.";
    return { action: "hibernate", isResume: true, reason, notes: [] };
  }
  const grown = observation.groups.filter((group) => !isAtZero(group.size)).map((group) => group.id);
  const launched = observation.karpenterNodes.map((node) => node.name);
  const awake = [...grown, ...launched];
  const notes = [
    `Given nodes by hand while it slept: ${awake.join(", ") || "instances outside the groups' sizes"}; left so until the calendar's next change.`,
  ];
  return { action: "nothing", state: "hibernated", reason: "A deliberate start is respected.", notes };
}

function decideWake(wish: Wish, observation: Observation): Decision {
  const { cycle, groups } = observation;
  if (cycle === null) return wakeWithoutRecord(wish, observation);
  if (cycle.journal.phase === "undone" && groups.some((group) => !isAtZero(group.size))) {
    return {
      action: "nothing",
      state: "running",
      reason: "It is running; the last attempt to put it to sleep was taken back.",
      notes: [],
    };
  }
  const notes = driftNotes(judgeDrift(cycle.snapshot, groups, wish.minNodes, cycle.journal.resizes));
  if (cycle.journal.phase === "waking") {
    return { action: "wake", isResume: true, reason: "An earlier wake did not finish: go on where it stopped.", notes };
  }
  if (cycle.journal.phase === "hibernating") {
    return { action: "wake", isResume: false, reason: "A hibernate did not finish: give back what it took.", notes };
  }
  return { action: "wake", isResume: false, reason: "It is asleep.", notes };
}

function wakeWithoutRecord(wish: Wish, observation: Observation): Decision {
  const { groups, karpenterNodes } = observation;
  if (karpenterNodes.length > 0) return { action: "nothing", state: "running", reason: "It runs already.", notes: [] };
  if (groups.length === 0)
    return { action: "nothing", state: "running", reason: "It has no node groups to wake.", notes: [] };
  if (groups.some((group) => !isAtZero(group.size))) {
    return { action: "nothing", state: "running", reason: "It runs already.", notes: [] };
  }
  if (wish.minNodes > 0) {
    return {
      action: "wake-to-minimum",
      reason: `No sizes were saved: every group gets ${wish.minNodes} node(s), as asked.`,
      notes: [],
    };
  }
  return { action: "stop", failure: missingSnapshot(groups) };
}

/** No record and desired 0 is unknown: an error with a fix-it command, never a silent skip (safe-cycle H5). */
function missingSnapshot(groups: readonly NodeGroup[]): FailureInfo {
  return {
    code: "snapshot-missing",
    message: `All ${groups.length} node groups are at zero and no restore snapshot exists, so the sizes to restore are unknown.`,
    remedy: "Give sizes yourself: `curfew wake NAME --min-nodes 1`, then set each group as it should be.",
  };
}

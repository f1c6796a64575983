import type { GroupSize, NodeGroup } from "../ports/index.js";
import { chooseBootstrap, type Candidate } from "./bootstrap.js";
import { sameSize } from "./journal.js";
import type { Snapshot } from "./snapshot.js";
import type { WakeFacts } from "./wake-facts.js";

/** A group and the size that a wake brings it to. */
export interface SizedGroup {
  readonly group: NodeGroup;
  readonly target: GroupSize;
}

/** A wake's scale-up: `first` the nodes that the cluster's own services need, then everything. */
export interface Stages {
  readonly isStaged: boolean;
  readonly first: readonly SizedGroup[];
  readonly rest: readonly SizedGroup[];
}

/** What stages are made from. */
export interface StageFacts {
  /** Groups to restore and groups that have their size already, with at least one node each. */
  readonly sized: readonly SizedGroup[];
  readonly snapshot: Snapshot;
  readonly wake: WakeFacts | null;
  /** A wake of fewer nodes is not worth two stages. */
  readonly fromNodes: number;
}

/**
 * Splits the scale-up in two when that saves something (safe-cycle W6, W7): the first stage asks for
 * `{ min 0, desired k, max saved }`, the second for the saved size, and min <= desired <= max holds in every call. One
 * stage for small wakes, when the bootstrap takes everything anyway, and when the arithmetic finds no place for a pod.
 */
export function planStages({ sized, snapshot, wake, fromNodes }: StageFacts): Stages {
  const all = { isStaged: false, first: sized, rest: [] };
  const total = sized.reduce((sum, { target }) => sum + target.desired, 0);
  if (wake === null || total < fromNodes) return all;
  const bootstrap = chooseBootstrap(
    wake.demand,
    sized.map((one) => candidateOf(one, snapshot)),
  );
  if (bootstrap === null || bootstrap.unplaced.length > 0) return all;
  const first = sized.flatMap(({ group, target }) => {
    const nodes = bootstrap.nodes.get(group.id);
    return nodes === undefined ? [] : [{ group, target: firstTarget(target, nodes) }];
  });
  const done = new Map(first.map(({ group, target }) => [group.id, target]));
  const rest = sized.filter(({ group, target }) => !sameSize(done.get(group.id) ?? group.size, target));
  return rest.length === 0 ? all : { isStaged: true, first, rest };
}

/** A group that has more already is left at that. */
function firstTarget(target: GroupSize, nodes: number): GroupSize {
  return nodes >= target.desired ? target : { min: 0, desired: nodes, max: target.max };
}

function candidateOf({ group, target }: SizedGroup, snapshot: Snapshot): Candidate {
  const saved = snapshot.groups.find(({ id }) => id === group.id);
  return {
    groupId: group.id,
    limit: target.desired,
    present: Math.min(group.size.desired, target.desired),
    shape: saved?.node ?? null,
    zones: Object.keys(saved?.zones ?? {}).sort(),
    isAiling: group.healthIssues.length > 0,
  };
}

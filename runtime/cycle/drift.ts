import type { GroupSize, NodeGroup } from "../ports/index.js";
import { sameSize, type Journal } from "./journal.js";
import { isAtZero, type Observation } from "./observation.js";
import type { SavedGroup, Snapshot } from "./snapshot.js";

/**
 * What a wake does with one group (safe-cycle W2). `restore`: it is as Curfew left it; `done`: it has its size already (safe-cycle W23);
 * `kept`: somebody changed it meanwhile and theirs stays; `gone`: deleted while asleep; `new`: not in the snapshot, left alone.
 */
export type GroupDrift =
  | { readonly kind: "restore"; readonly group: NodeGroup; readonly target: GroupSize }
  | { readonly kind: "restore"; readonly group: NodeGroup; readonly target: GroupSize; readonly note: string }
  | { readonly kind: "done"; readonly group: NodeGroup }
  | { readonly kind: "kept"; readonly group: NodeGroup; readonly saved: GroupSize; readonly note: string }
  | { readonly kind: "gone"; readonly groupId: string; readonly note: string }
  | { readonly kind: "new"; readonly group: NodeGroup; readonly note: string };

/**
 * Three-way: saved, expected while asleep, live. Sorted by group id.
 * @param minNodes at least so many nodes for every group that had some; bounded by the group's max.
 * @param resizes what Curfew itself asked for in this cycle: a wake that stopped between its two stages left such a size.
 */
export function judgeDrift(
  snapshot: Snapshot,
  live: readonly NodeGroup[],
  minNodes = 0,
  resizes: Journal["resizes"] = {},
): readonly GroupDrift[] {
  const byId = new Map(live.map((group) => [group.id, group]));
  const savedIds = new Set(snapshot.groups.map((saved) => saved.id));
  const ofSaved = snapshot.groups.map((saved) => judgeGroup(saved, byId.get(saved.id), { minNodes, resizes }));
  const added = live.filter((group) => !savedIds.has(group.id)).map(judgeNew);
  return [...ofSaved, ...added].sort((a, b) => driftId(a).localeCompare(driftId(b)));
}

/** The group a drift verdict is about. */
function driftId(drift: GroupDrift): string {
  return drift.kind === "gone" ? drift.groupId : drift.group.id;
}

/** Groups that somebody gave nodes while the cluster slept. */
export function wokenByOthers({ cycle, groups }: Pick<Observation, "cycle" | "groups">): readonly NodeGroup[] {
  if (cycle?.journal.phase !== "hibernated") return [];
  const saved = new Set(cycle.snapshot.groups.map(({ id }) => id));
  return groups.filter((group) => saved.has(group.id) && !isAtZero(group.size));
}

/** The sentences a person should read, in order. */
export function driftNotes(drift: readonly GroupDrift[]): readonly string[] {
  return drift.flatMap((one) => ("note" in one ? [one.note] : []));
}

function judgeNew(group: NodeGroup): GroupDrift {
  return { kind: "new", group, note: `${group.id} was added while the cluster slept: left alone.` };
}

interface Expected {
  readonly minNodes: number;
  readonly resizes: Journal["resizes"];
}

function judgeGroup(saved: SavedGroup, live: NodeGroup | undefined, { minNodes, resizes }: Expected): GroupDrift {
  if (!live)
    return { kind: "gone", groupId: saved.id, note: `${saved.id} was deleted while the cluster slept: not restored.` };
  const target = restoreTarget(saved.size, live.size, minNodes);
  if (sameSize(live.size, target)) return { kind: "done", group: live };
  if (!isAtZero(live.size) && !isOurs(live.size, resizes[saved.id])) return judgeChanged(saved, live);
  if (live.size.max === saved.size.max) return { kind: "restore", group: live, target };
  const note = `${saved.id}: its maximum was changed from ${saved.size.max} to ${live.size.max} while the cluster slept; that is kept.`;
  return { kind: "restore", group: live, target, note };
}

/** Whether Curfew asked for this size itself: last, or before a request that was noted and perhaps never heard. */
function isOurs(size: GroupSize, resize: Journal["resizes"][string] | undefined): boolean {
  return [resize?.target, resize?.previous].some((asked) => asked && sameSize(size, asked));
}

function judgeChanged(saved: SavedGroup, live: NodeGroup): GroupDrift {
  if (sameSize(live.size, saved.size)) return { kind: "done", group: live };
  const note = `${saved.id}: ${words(saved.size)} was saved, but somebody set ${words(live.size)} meanwhile; theirs is kept.`;
  return { kind: "kept", group: live, saved: saved.size, note };
}

/** Their maximum bounds ours: min <= desired <= max must hold in every call (safe-cycle W7). */
function restoreTarget(saved: GroupSize, live: GroupSize, minNodes: number): GroupSize {
  const max = live.max;
  const wanted = saved.desired > 0 ? Math.max(saved.desired, minNodes) : saved.desired;
  const desired = Math.min(wanted, max);
  return { min: Math.min(saved.min, desired), desired, max };
}

/** A size in words: `desired 3 (1 to 6)`. */
export function words(size: GroupSize): string {
  return `desired ${size.desired} (${size.min} to ${size.max})`;
}

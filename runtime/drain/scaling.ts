import type { ScalableOwner } from "../ports/index.js";

import { isRetryable, isStopping, spawn, type DrainContext } from "./context.js";
import { scaleOwnersAt } from "./deadline.js";
import { eachAtMost } from "./parallel.js";
import type { PodRecord } from "./record.js";
import { isHeldByBudget, type Census, type DrainState, type OwnerNote } from "./state.js";

const AT_ONCE = 5;
const RETRY_MS = 5000;
/** A controller deletes its pods well within this time of being scaled to 0. */
const FOLLOWS_WITHIN_MS = 10_000;

/** Pods that only scaling their owner moves: budgets hold them, or their controller puts them back at once. */
function heldForScaling(census: Census): readonly PodRecord[] {
  return [...census.held.filter(isHeldByBudget), ...census.looping];
}

/** Under `scale-owners`, starts scaling the owners of held pods to 0 once the time has come (safe-cycle H22). */
export function startScaling(context: DrainContext, census: Census): void {
  const { state, deadlineAt, hardStopAt, ports } = context;
  if (state.settings.policy !== "scale-owners") return;
  const now = ports.clock.now();
  const held = heldForScaling(census);
  if (!state.isScaling) {
    if (
      now <
      scaleOwnersAt(
        held.map(({ pod }) => pod),
        deadlineAt,
        state.settings,
      )
    )
      return;
    state.isScaling = true;
  }
  const due = Map.groupBy(
    held.filter((record) => isDue(state, record, now)),
    ownerKey,
  );
  if (due.size === 0 || state.isScalingUnderWay || now >= hardStopAt) return;
  state.isScalingUnderWay = true;
  spawn(context, () =>
    eachAtMost(AT_ONCE, [...due], ([key, [record]]) => scaleOwnerOf(context, key, record)).finally(() => {
      state.isScalingUnderWay = false;
    }),
  );
}

/** Whether scaling may still move some held pod: not tried yet, or done so recently that its pods are about to follow. */
export function isScalingPending(state: DrainState, census: Census, now: number): boolean {
  if (!state.isScaling) return false;
  return heldForScaling(census).some((record) => {
    const note = state.owners.get(ownerKey(record));
    if (note?.kind === "unscalable") return false;
    return note?.kind !== "scaled" || now < note.at + FOLLOWS_WITHIN_MS;
  });
}

function ownerKey({ pod }: PodRecord): string {
  return pod.controller?.uid ?? pod.uid;
}

function isDue(state: DrainState, record: PodRecord, now: number): boolean {
  const note = state.owners.get(ownerKey(record));
  return note === undefined || (note.kind === "retry" && now >= note.at);
}

async function scaleOwnerOf(context: DrainContext, key: string, record: PodRecord | undefined): Promise<void> {
  const { state, ports } = context;
  if (record === undefined || isStopping(context)) return;
  try {
    state.owners.set(key, await scaleToZero(context, record));
  } catch (error) {
    if (!isRetryable(error)) throw error;
    state.owners.set(key, { kind: "retry", at: ports.clock.now() + RETRY_MS });
  }
}

async function scaleToZero(context: DrainContext, { pod }: PodRecord): Promise<OwnerNote> {
  const { state, ports, hooks } = context;
  const owner = await ports.kubernetes.findScalableOwner(pod);
  if (owner === null) return { kind: "unscalable" };
  if (owner.replicas === 0 || isScaled(state, owner)) return { kind: "scaled", owner, at: ports.clock.now() };
  await hooks.beforeScaleOwner(owner);
  if (isStopping(context)) return { kind: "retry", at: ports.clock.now() };
  state.counters.scalings += 1;
  const answer = await ports.kubernetes.scaleOwner(owner, 0);
  if (answer === "gone") return { kind: "unscalable" };
  state.scaledOwners.push(owner);
  return { kind: "scaled", owner, at: ports.clock.now() };
}

/** Two ReplicaSets of one Deployment lead to one owner; its first count is the one that was noted. */
function isScaled({ scaledOwners }: DrainState, { uid }: ScalableOwner): boolean {
  return scaledOwners.some((scaled) => scaled.uid === uid);
}

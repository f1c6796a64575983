import { failureInfo, type DeleteAnswer, type EvictionAnswer, type PodFacts, type PodRef } from "../ports/index.js";

import { afterDeletion, afterEviction } from "./answers.js";
import { budgetId } from "./budgets.js";
import { chooseEvictions, type Candidate, type QueuedPod } from "./chooser.js";
import { clearPod, dueClearings } from "./clear.js";
import { isRetryable, spawn, type DrainContext } from "./context.js";
import { forcedGraceSeconds, isPastForce, type ForceContext } from "./force.js";
import { rbacDenied } from "./rbac.js";
import { stageOf, type PodRecord } from "./record.js";
import { countAnswer, takeCensus, type Census, type DrainState } from "./state.js";
import { holdsTurn, oneByOne, turnOf } from "./turns.js";

/** A pod and the grace with which it is to be deleted. */
interface ForcedPod {
  readonly record: PodRecord;
  readonly graceSeconds: number;
}

/** Starts every deletion and eviction that may start now, deletions first: their time is running out. */
export function startAttempts(context: DrainContext): void {
  const now = context.ports.clock.now();
  startClearings(context, now);
  startDeletions(context, now);
  startEvictions(context, now);
}

/** Pods to delete by force now, those not in flight and not waiting out a back-off. */
function dueDeletions(state: DrainState, census: Census, context: ForceContext): readonly ForcedPod[] {
  return pendingDeletions(census, context).filter(
    ({ record }) => record.deleteRetryAt <= context.now && !state.inFlight.has(record.pod.uid),
  );
}

/** Pods to delete by force, due or backing off. */
export function pendingDeletions(census: Census, context: ForceContext): readonly ForcedPod[] {
  if (context.settings.policy !== "force-at-deadline") return [];
  const stages = ["untried", "held", "waiting", "leaving", "stuck"] as const;
  return stages.flatMap((stage) =>
    census[stage].flatMap((record) => {
      const graceSeconds = forcedGraceSeconds(record, stage, context);
      return graceSeconds === null ? [] : [{ record, graceSeconds }];
    }),
  );
}

function startClearings(context: DrainContext, now: number): void {
  const { state } = context;
  if (state.endedNodes.size === 0) return;
  for (const record of dueClearings(context, takeCensus(state, now), now).slice(0, freeSlots(context, now))) {
    begin(context, toQueuedPod(record), now);
    clearPod(context, record.pod);
  }
}

function startDeletions(context: DrainContext, now: number): void {
  const { state, deadlineAt } = context;
  if (state.settings.policy !== "force-at-deadline") return;
  const due = dueDeletions(state, takeCensus(state, now), { settings: state.settings, deadlineAt, now });
  for (const { record, graceSeconds } of due.slice(0, freeSlots(context, now))) {
    begin(context, toQueuedPod(record), now);
    spawn(context, () => deletePod(context, record.pod, graceSeconds));
  }
}

function startEvictions(context: DrainContext, now: number): void {
  const { state } = context;
  const slots = freeSlots(context, now);
  if (slots === 0) return;
  const standing = { inFlight: [...state.inFlight.values()], begunNodes: state.begunNodes };
  for (const { uid, ...rest } of chooseEvictions(dueEvictions(context, now), standing, state.settings).slice(
    0,
    slots,
  )) {
    const record = state.records.get(uid);
    if (record === undefined) continue;
    begin(context, { uid, ...rest }, now);
    spawn(context, () => evictPod(context, record.pod));
  }
}

/** Queued pods that may be tried now, those never refused first. */
export function dueEvictions(context: DrainContext, now: number): readonly Candidate[] {
  const { state, deadlineAt, hardStopAt } = context;
  const force: ForceContext = { settings: state.settings, deadlineAt, now };
  const fresh: Candidate[] = [];
  const refused: Candidate[] = [];
  for (const queued of state.queue) {
    const record = state.records.get(queued.uid);
    if (record === undefined || !isEvictable(record) || state.inFlight.has(queued.uid)) continue;
    // Past the deadline nothing is tried twice; a drain taken up late still learns what holds each pod.
    const untilAt = record.attempts === 0 ? hardStopAt : deadlineAt;
    if (record.retryAt > now || now >= untilAt || isPastForce(record, force)) continue;
    const isFresh = record.refusals === 0;
    (isFresh ? fresh : refused).push({ ...queued, isFresh });
  }
  return takeTurns([...fresh, ...refused], state, now);
}

/** Pods with volumes of their own leave a node one by one, until owners are scaled: from then on nothing holds another (safe-cycle 43, 44). */
function takeTurns(due: readonly Candidate[], state: DrainState, now: number): readonly Candidate[] {
  const withVolumes = state.hasVolumes ? [...state.records.values()].filter((record) => turnOf(record) !== null) : [];
  if (withVolumes.length === 0 || state.isScaling) return due;
  const context = { now, volumes: state.volumes, isInFlight: (uid: string) => state.inFlight.has(uid) };
  const stages = { ...state, now };
  const busyNodes = withVolumes
    .filter((record) => holdsTurn(record, stageOf(record, stages), context))
    .map(({ pod }) => pod.nodeName);
  const turnOfCandidate = ({ uid }: Candidate) => {
    const record = state.records.get(uid);
    return record === undefined ? null : turnOf(record);
  };
  return oneByOne(due, turnOfCandidate, new Set(busyNodes));
}

function isEvictable({ goneAt, acceptedAt, pod }: PodRecord): boolean {
  return goneAt === null && acceptedAt === null && pod.deletionAt === null;
}

function freeSlots({ state, pace }: DrainContext, now: number): number {
  return Math.max(0, Math.min(state.settings.maxPodsInFlight - state.inFlight.size, pace.available(now)));
}

function toQueuedPod({ pod, budgets }: PodRecord): QueuedPod {
  return { uid: pod.uid, nodeName: pod.nodeName, budgetIds: budgets.map(budgetId) };
}

function begin({ state, pace }: DrainContext, pod: QueuedPod, now: number): void {
  pace.take(now, 1);
  state.inFlight.set(pod.uid, pod);
  state.begunNodes.add(pod.nodeName);
}

async function evictPod(context: DrainContext, pod: PodFacts): Promise<void> {
  const { state, ports, pace } = context;
  const { clock, random, kubernetes } = ports;
  state.counters.evictions += 1;
  const answer = await answered(() => kubernetes.evict(toRef(pod)));
  const now = clock.now();
  state.inFlight.delete(pod.uid);
  countAnswer(state, answer.kind);
  update(state, pod.uid, (record) => afterEviction(record, answer, now, random.next()));
  if (answer.kind === "accepted") state.lastAcceptedAt = now;
  if (answer.kind === "throttled") pace.throttle(now, answer.retryAfterMs);
  if (answer.kind === "forbidden") throw rbacDenied("evict", pod, answer.message);
}

async function deletePod(context: DrainContext, pod: PodFacts, graceSeconds: number): Promise<void> {
  const { state, ports } = context;
  const { clock, random, kubernetes } = ports;
  state.counters.deletions += 1;
  const answer: DeleteAnswer | Transient = await answered(() => kubernetes.deletePod(toRef(pod), graceSeconds));
  const now = clock.now();
  state.inFlight.delete(pod.uid);
  countAnswer(state, `delete-${answer.kind}`);
  update(state, pod.uid, (record) => afterDeletion(record, answer, { now, chance: random.next(), graceSeconds }));
  if (answer.kind === "accepted") state.lastAcceptedAt = now;
  if (answer.kind === "forbidden") throw rbacDenied("delete", pod, answer.message);
}

type Transient = Extract<EvictionAnswer, { readonly kind: "transient" }>;

/**
 * What the adapter throws for a moment's fault is one more answer about this pod, and stops no other: unknown, look again
 * (safe-cycle 37, 46).
 */
async function answered<Answer>(call: () => Promise<Answer>): Promise<Answer | Transient> {
  try {
    return await call();
  } catch (error) {
    if (!isRetryable(error)) throw error;
    return { kind: "transient", message: failureInfo(error).message };
  }
}

/** The record may have been replaced by a look while the call was under way: the newest one is carried on. */
function update(state: DrainState, uid: string, change: (record: PodRecord) => PodRecord): void {
  const record = state.records.get(uid);
  if (record !== undefined) state.records.set(uid, change(record));
}

function toRef({ namespace, name, uid }: PodFacts): PodRef {
  return { namespace, name, uid };
}

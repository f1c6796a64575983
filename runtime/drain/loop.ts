import { pendingDeletions, startAttempts, dueEvictions } from "./attempts.js";
import { applyLook } from "./apply-look.js";
import { backoffMs } from "./backoff.js";
import { createContext, isRetryable, isStopping, spawn, type DrainContext } from "./context.js";
import { decideEnding, type Ending, type EndingFacts } from "./ending.js";
import { observe } from "./observe.js";
import { nextLookAfterMs } from "./polling.js";
import { snapshotProgress } from "./progress.js";
import { settledAt } from "./record-nodes.js";
import { expectedEndAt, type PodRecord } from "./record.js";
import { unreadVolumesDueAt } from "./read-volumes.js";
import { buildReport, type DrainReport } from "./report.js";
import type { DrainBudget, DrainHooks, DrainPorts, DrainRequest } from "./request.js";
import { isScalingPending, startScaling } from "./scaling.js";
import { notCleared, stillStanding, takeCensus, type Census } from "./state.js";
import { nodesInWait } from "./volume-wait.js";
import { warnOfBlockedPods } from "./warn-of-pods.js";

const KEEP_ALIVE_MS = 3000;
const PROGRESS_MS = 1000;
/** Nothing in the loop sleeps longer than this without looking at what has fallen due. */
const LONGEST_NAP_MS = 1000;

/** When the loop last did what it does from time to time, epoch ms. */
interface Rhythm {
  isLooking: boolean;
  /** The last finished look, whether it succeeded. */
  lookedAt: number;
  failedLooks: number;
  lookFailure: Error | undefined;
  keptAliveAt: number;
  toldAt: number;
}

/**
 * Empties the target nodes as far as budgets, marks and settings let it until the deadline, then carries out the
 * declared policy, and says what became of every pod. Looks and evictions run side by side.
 *
 * Calling again with the same request goes on where the last call stopped: everything is found by looking, and
 * the deadline stays where it was (safe-cycle 57). Blocked is a result; what is thrown ends the run:
 * `Failure` rbac-denied, what a hook throws, and what the adapter cannot get past.
 */
export async function drain(
  request: DrainRequest,
  ports: DrainPorts,
  hooks: DrainHooks,
  budget: DrainBudget,
): Promise<DrainReport> {
  const context = createContext(request, ports, hooks, budget);
  const ring = () => {
    context.bell.ring();
  };
  budget.signal.addEventListener("abort", ring);
  try {
    const ending = await runUntilEnd(context);
    tellProgress(context);
    return buildReport(context, ending);
  } finally {
    context.stop.isStopped = true;
    budget.signal.removeEventListener("abort", ring);
  }
}

async function runUntilEnd(context: DrainContext): Promise<Ending> {
  const { clock } = context.ports;
  const never = Number.NEGATIVE_INFINITY;
  const rhythm: Rhythm = {
    isLooking: false,
    lookedAt: never,
    failedLooks: 0,
    lookFailure: undefined,
    keptAliveAt: never,
    toldAt: never,
  };
  for (;;) {
    const census = takeCensus(context.state, clock.now());
    const ending = decideEnding(endingFacts(context, rhythm, census));
    if (ending !== null || context.stop.isStopped) {
      await settle(context);
      if (ending !== null) return ending;
    }
    giveUpBlind(context, rhythm);
    await keepAlive(context, rhythm);
    startDueWork(context, rhythm, census);
    if (rhythm.lookedAt !== never && clock.now() - rhythm.toldAt >= PROGRESS_MS) {
      tellProgress(context);
      rhythm.toldAt = clock.now();
    }
    await context.bell.wait(napMs(context, rhythm, census));
  }
}

/** Lets calls under way end, starts none, and throws what broke the drain (safe-cycle 35, 59). */
async function settle(context: DrainContext): Promise<void> {
  context.stop.isStopped = true;
  await Promise.all(context.tasks);
  if (context.stop.error !== undefined) throw context.stop.error;
}

/** A drain that cannot see at its very end must not call that a result. */
function giveUpBlind(context: DrainContext, { lookFailure, isLooking }: Rhythm): void {
  if (lookFailure === undefined || isLooking) return;
  const now = context.ports.clock.now();
  const isWaitingForVolumes = nodesInWait("waiting", context, now).length > 0;
  if (now >= (isWaitingForVolumes ? context.volumesStopAt : context.hardStopAt)) throw lookFailure;
}

async function keepAlive({ hooks, ports }: DrainContext, rhythm: Rhythm): Promise<void> {
  if (ports.clock.now() - rhythm.keptAliveAt < KEEP_ALIVE_MS) return;
  rhythm.keptAliveAt = ports.clock.now();
  await hooks.keepAlive();
}

function tellProgress({ hooks, state, ports, deadlineAt }: DrainContext): void {
  hooks.progress(snapshotProgress(state, ports.clock.now(), deadlineAt));
}

function startDueWork(context: DrainContext, rhythm: Rhythm, census: Census): void {
  if (isStopping(context)) return;
  if (!rhythm.isLooking && context.ports.clock.now() >= nextLookAt(context, rhythm, census)) {
    rhythm.isLooking = true;
    spawn(context, () => look(context, rhythm));
  }
  startScaling(context, census);
  warnOfBlockedPods(context, census);
  startAttempts(context);
}

/** One pass. A moment's fault is waited out; the drain goes on with what it saw before (safe-cycle 48). */
async function look(context: DrainContext, rhythm: Rhythm): Promise<void> {
  const { state, request, ports } = context;
  try {
    state.counters.passes += 1;
    const seen = await observe(context);
    if (seen !== null) applyLook(state, seen, request.isSpared ?? (() => false));
    rhythm.failedLooks = 0;
    rhythm.lookFailure = undefined;
  } catch (error) {
    if (!isRetryable(error)) throw error;
    rhythm.failedLooks += 1;
    rhythm.lookFailure = error;
  } finally {
    rhythm.isLooking = false;
    rhythm.lookedAt = ports.clock.now();
  }
}

function nextLookAt(context: DrainContext, rhythm: Rhythm, census: Census): number {
  if (rhythm.failedLooks > 0) return rhythm.lookedAt + backoffMs(rhythm.failedLooks, 0.5);
  const { state, ports } = context;
  return (
    rhythm.lookedAt +
    nextLookAfterMs({
      now: ports.clock.now(),
      untried: state.inFlight.size || openPods(state, census),
      held: stillStanding(census).length - census.untried.length,
      leaving: census.leaving.length,
      detaching: nodesInWait("waiting", context, ports.clock.now()).length,
      volumesDueAt: unreadVolumesDueAt(state),
      lastAcceptedAt: state.lastAcceptedAt,
      lookedAt: rhythm.lookedAt,
      settledAt: settledAt(state),
    })
  );
}

/** Pods that nobody has tried yet, without those of tiers that wait for others to leave. */
function openPods({ queue }: DrainContext["state"], { untried }: Census): number {
  const lined = new Set(queue.map(({ uid }) => uid));
  return untried.filter(({ pod }) => lined.has(pod.uid)).length;
}

function napMs(context: DrainContext, rhythm: Rhythm, census: Census): number {
  const now = context.ports.clock.now();
  const wakings = [context.deadlineAt, context.budget.yieldAt ?? Number.POSITIVE_INFINITY].filter((at) => at > now);
  if (!rhythm.isLooking) wakings.push(nextLookAt(context, rhythm, census));
  // Where the pace is not what holds pods back, the end of something in flight is, and that rings.
  if (context.pace.available(now) === 0 && dueEvictions(context, now).length > 0)
    wakings.push(context.pace.nextAt(now));
  return Math.min(LONGEST_NAP_MS, Math.max(1, Math.min(...wakings) - now));
}

function endingFacts(context: DrainContext, rhythm: Rhythm, census: Census): EndingFacts {
  const { state, request, budget, ports, deadlineAt, hardStopAt } = context;
  const now = ports.clock.now();
  const nodes = [...state.nodes.values()].filter(({ facts }) => !state.refusedNodes.has(facts.name));
  const isOurs = ({ pod }: PodRecord) => !state.refusedNodes.has(pod.nodeName);
  return {
    now,
    isCancelled: budget.signal.aborted,
    yieldAt: budget.yieldAt,
    deadlineAt,
    hardStopAt,
    policy: request.settings.policy,
    isSeeing: rhythm.lookedAt !== Number.NEGATIVE_INFINITY && rhythm.lookFailure === undefined,
    hasRefusedNodes: state.refusedNodes.size > 0,
    areNodesEmpty: nodes.every(({ isEmpty }) => isEmpty),
    detaching: nodesInWait("waiting", context, now).length,
    undetached: nodesInWait("over", context, now).length,
    standing: stillStanding(census).length,
    terminating: [...census.leaving, ...census.stuck, ...notCleared(census)].filter(isOurs).length,
    isWorthWaiting: isWorthWaiting(context, census),
  };
}

/** After the deadline: something is under way that is going to end by itself before the hard stop. */
function isWorthWaiting(context: DrainContext, census: Census): boolean {
  const { state, ports, deadlineAt, hardStopAt } = context;
  const now = ports.clock.now();
  if (now < deadlineAt) return true;
  return (
    state.inFlight.size > 0 ||
    notCleared(census).length > 0 ||
    dueEvictions(context, now).length > 0 ||
    pendingDeletions(census, { settings: state.settings, deadlineAt, now }).length > 0 ||
    isScalingPending(state, census, now) ||
    census.leaving.some((record) => expectedEndAt(record, state.settings) <= hardStopAt)
  );
}

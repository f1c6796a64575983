import type { PodFacts } from "../ports/index.js";

import { budgetId, budgetLookup } from "./budgets.js";
import { interleave, type QueuedPod } from "./chooser.js";
import { findLoopingControllers } from "./looping.js";
import { orphanedDaemonSets, type Look } from "./observe.js";
import type { JudgeContext } from "./opinion.js";
import { newRecord, seenAgain, type PodRecord, type Sighting } from "./record.js";
import { takeCensus, stillStanding, type Census, type DrainState, type NodeRecord } from "./state.js";
import { openTier, tierOf, type Tier } from "./tiers.js";
import { judgePod } from "./verdict.js";
import { compareText } from "./wording.js";

/** The scheduler may still bind a pod from a stale cache this long after a cordon (safe-cycle 21). */
const SETTLE_MS = 5000;

/** Brings `state` to what `look` shows; everything but the counts of calls follows from looks. */
export function applyLook(state: DrainState, look: Look, isOwnPod: (pod: PodFacts) => boolean): void {
  if (look.budgets !== null) {
    state.budgets = look.budgets;
    state.budgetsOf = budgetLookup(look.budgets);
    state.budgetsReadAt = look.listedAt;
  }
  recordPods(state, look, isOwnPod);
  const present = [...state.records.values()].filter(({ goneAt }) => goneAt === null);
  state.refusedNodes = new Set(present.filter(isRefused).map(({ pod }) => pod.nodeName));
  state.loopingControllers = findLoopingControllers(state.records.values());
  if (look.budgets !== null) hurry(state);
  const census = takeCensus(state, look.listedAt);
  state.nodes = recordNodes(look, census);
  state.queue = lineUp(state, census);
}

function isRefused({ verdict, pod }: PodRecord): boolean {
  return verdict.disposition === "refuse" && pod.deletionAt === null;
}

function recordPods(state: DrainState, look: Look, isOwnPod: (pod: PodFacts) => boolean): void {
  const { listedAt } = look;
  const context: JudgeContext = {
    settings: state.settings,
    now: listedAt,
    orphanedDaemonSets: orphanedDaemonSets(state.daemonSets),
    isOwnPod,
  };
  const seen = new Set<string>();
  for (const pod of look.pods) {
    seen.add(pod.uid);
    const known = state.records.get(pod.uid);
    const isLatecomer = state.nodes.has(pod.nodeName);
    const sighting: Sighting = {
      pod,
      verdict: judgePod(pod, context),
      budgets: state.budgetsOf(pod),
      listedAt,
      isLatecomer,
    };
    state.records.set(pod.uid, known === undefined ? newRecord(sighting) : seenAgain(known, sighting));
  }
  // Gone is what no target node shows any more: another UID or node by the same name is another pod (safe-cycle 38, 47).
  for (const [uid, record] of state.records) {
    if (record.goneAt === null && !seen.has(uid)) state.records.set(uid, { ...record, goneAt: listedAt });
  }
}

/** Where a budget has room again, as many of its pods as it allows need not wait out their back-off. */
function hurry(state: DrainState): void {
  for (const budget of state.budgets) {
    if (budget.disruptionsAllowed === 0) continue;
    const held = [...state.records.values()].filter(
      ({ goneAt, refusal, budgets }) =>
        goneAt === null && refusal?.code === "budget-exhausted" && budgets.includes(budget),
    );
    for (const record of held.slice(0, budget.disruptionsAllowed))
      state.records.set(record.pod.uid, { ...record, retryAt: 0 });
  }
}

function recordNodes({ nodes, listedAt }: Look, census: Census): ReadonlyMap<string, NodeRecord> {
  const remaining = [
    ...stillStanding(census),
    ...census.leaving,
    ...census.stuck,
    ...census.refused,
    ...census["left-alone"],
  ];
  const occupied = new Set(remaining.map(({ pod }) => pod.nodeName));
  return new Map(
    nodes.map(({ facts, cordonedAt }) => {
      const isEmpty = !occupied.has(facts.name) && listedAt >= cordonedAt + SETTLE_MS;
      return [facts.name, { facts, cordonedAt, isEmpty }];
    }),
  );
}

/** When every node that is only waiting for its settling time will have had it; null when none is. */
export function settledAt(state: DrainState): number | null {
  const unsettled = [...state.nodes.values()].filter(
    ({ isEmpty, facts }) => !isEmpty && !state.refusedNodes.has(facts.name),
  );
  return unsettled.length === 0 ? null : Math.max(...unsettled.map(({ cordonedAt }) => cordonedAt)) + SETTLE_MS;
}

/** Evictable pods of the open tiers, node by node, budgets taking turns. Once owners are being scaled no tier holds another (safe-cycle 43). */
function lineUp(state: DrainState, census: Census): readonly QueuedPod[] {
  const inTier = [...stillStanding(census), ...census.leaving];
  const limit: Tier = state.isScaling ? 3 : openTier(inTier.map(({ pod }) => pod));
  const evictable = [...census.untried, ...census.held].filter(({ pod }) => tierOf(pod) <= limit);
  const byTurn = evictable.toSorted(
    (a, b) => tierOf(a.pod) - tierOf(b.pod) || compareText(a.pod.nodeName, b.pod.nodeName),
  );
  return interleave(byTurn.map(toQueuedPod));
}

function toQueuedPod({ pod, budgets }: PodRecord): QueuedPod {
  return { uid: pod.uid, nodeName: pod.nodeName, budgetIds: budgets.map(budgetId) };
}

import type { PodFacts } from "../ports/index.js";

import { budgetId, budgetLookup } from "./budgets.js";
import { interleave, type QueuedPod } from "./chooser.js";
import { endOf, type End } from "./instances.js";
import { findLoopingControllers } from "./looping.js";
import { orphanedDaemonSets, type Look } from "./observe.js";
import type { JudgeContext } from "./opinion.js";
import { recordNodes } from "./record-nodes.js";
import { newRecord, seenAgain, type PodRecord, type Sighting } from "./record.js";
import { stillStanding, takeCensus, type Census, type DrainState } from "./state.js";
import { openTier, tierOf, type Tier } from "./tiers.js";
import { judgePod } from "./verdict.js";
import { ownVolumes } from "./volumes.js";
import { compareText } from "./wording.js";

/** Brings `state` to what `look` shows; everything but the counts of calls follows from looks. */
export function applyLook(state: DrainState, look: Look, isSpared: (pod: PodFacts) => boolean): void {
  if (look.budgets !== null) {
    state.budgets = look.budgets;
    state.budgetsOf = budgetLookup(look.budgets);
    state.budgetsReadAt = look.listedAt;
  }
  if (look.volumes !== null) {
    state.volumes = look.volumes.problem === null ? look.volumes.facts : null;
    state.volumeProblem = look.volumes.problem;
  }
  recordPods(state, look, isSpared);
  state.endedNodes = endedNodes(state, look);
  const present = [...state.records.values()].filter(({ goneAt }) => goneAt === null);
  state.refusedNodes = new Set(
    present
      .filter((record) => isRefused(record) && state.endedNodes.get(record.pod.nodeName) !== "terminated")
      .map(({ pod }) => pod.nodeName),
  );
  state.loopingControllers = findLoopingControllers(state.records.values());
  if (look.budgets !== null) hurry(state);
  const census = takeCensus(state, look.listedAt);
  state.nodes = recordNodes(state, look, census);
  state.queue = lineUp(state, census);
}

function isRefused({ verdict, pod }: PodRecord): boolean {
  return verdict.disposition === "refuse" && pod.deletionAt === null;
}

function endedNodes({ instances }: DrainState, { nodes }: Look): ReadonlyMap<string, End> {
  return new Map(
    nodes.flatMap(({ facts }) => {
      const end = endOf(facts, instances);
      return end === null ? [] : [[facts.name, end] as const];
    }),
  );
}

function recordPods(state: DrainState, look: Look, isSpared: (pod: PodFacts) => boolean): void {
  const { listedAt } = look;
  const context: JudgeContext = {
    settings: state.settings,
    now: listedAt,
    orphanedDaemonSets: orphanedDaemonSets(state.daemonSets),
    isSpared,
  };
  const volumes = state.volumes === null ? null : ownVolumes(look.pods, state.volumes);
  const seen = new Set<string>();
  for (const pod of look.pods) {
    seen.add(pod.uid);
    const known = state.records.get(pod.uid);
    const isLatecomer = state.nodes.has(pod.nodeName);
    const sighting: Sighting = {
      pod,
      verdict: judgePod(pod, context),
      budgets: state.budgetsOf(pod),
      volumes: volumes === null ? null : (volumes.get(pod.uid) ?? []),
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

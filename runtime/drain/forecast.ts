import type { BudgetFacts, EvictionAnswer, Kubernetes, NodeFacts, PodFacts } from "../ports/index.js";

import { budgetDeadEnd, budgetId, budgetLookup } from "./budgets.js";
import { blockedWarnings, deadEndWarnings, holdingWarning, podWarning, refusalSentence } from "./forecast-sentences.js";
import { describeSilence, findSilentNodes, sightInstances, type SilentNode } from "./forecast-silence.js";
import { describeLocalVolume, findLocalVolumes, type LocalVolume } from "./forecast-volumes.js";
import { askForDaemonSets, orphanedDaemonSets } from "./observe.js";
import { eachAtMost } from "./parallel.js";
import { podId } from "./pod-kind.js";
import { rbacDenied } from "./rbac.js";
import type { DrainPorts, InspectRequest } from "./request.js";
import { judgePod, type Verdict } from "./verdict.js";
import { mergeWarnings, type WarningReport } from "./warnings.js";
import { compareText } from "./wording.js";

/** What a drain would meet now. Ids are `namespace/name`. */
export interface DrainForecast {
  /** One sentence that names the pods that would be refused; null when there are none. */
  readonly refusal: string | null;
  /** Pods that may not be evicted under these settings, each with every reason (safe-cycle 3). */
  readonly refused: readonly { readonly pod: string; readonly node: string; readonly reasons: readonly string[] }[];
  /** Pods that nothing would recreate. */
  readonly lost: readonly string[];
  /** Budgets over the pods that can never let them go (safe-cycle 40). */
  readonly deadEnds: readonly BudgetForecast[];
  /** Pods whose eviction the API server refused in a dry run, one per budget (safe-cycle 39). */
  readonly blocked: readonly { readonly pod: string; readonly budgets: readonly string[]; readonly message: string }[];
  /** Budgets that need a pod at all times although all of theirs are to leave: they hold the last ones until the deadline. */
  readonly holds: readonly BudgetForecast[];
  /** Pods that are to leave, by themselves or evicted. */
  readonly leaving: readonly LeavingPod[];
  /** Volumes of leaving pods that go with their node. */
  readonly localVolumes: readonly LocalVolume[];
  /** Nodes whose kubelet confirms nothing. */
  readonly silent: readonly SilentNode[];
  /** What else is to be known about pods, one entry per message. */
  readonly podWarnings: readonly WarningReport[];
  /** Whole sentences for a person, sorted. */
  readonly warnings: readonly string[];
}

/** A pod that a drain would take away. */
export interface LeavingPod {
  readonly pod: string;
  readonly node: string;
  readonly graceSeconds: number;
  /** It carries a mark that asks not to be disturbed, and is left alone until the deadline (safe-cycle 12). */
  readonly isLeftForLast: boolean;
  readonly budgets: readonly string[];
}

/** A budget that stands in the way. */
export interface BudgetForecast {
  readonly budget: string;
  readonly problem: string;
  readonly needs: number;
  readonly has: number;
}

/** A pod that would be drained. */
interface JudgedPod {
  readonly pod: PodFacts;
  readonly verdict: Verdict;
  readonly budgets: readonly BudgetFacts[];
}

const DRY_RUNS_AT_ONCE = 5;

/**
 * Looks at what a drain would meet and changes nothing: one list each of nodes, pods and budgets, one question
 * per DaemonSet, one dry-run eviction per budget that allows nothing now. A dry run is not additive: what it does
 * not block may still block later (safe-cycle 39). Throws what the adapter cannot get past, and `Failure`
 * rbac-denied when evictions are forbidden.
 */
export async function inspectDrain(request: InspectRequest, { kubernetes, clock }: DrainPorts): Promise<DrainForecast> {
  const nodes = (await kubernetes.listNodes()).filter((node) => !node.isFargate && request.isTarget(node));
  if (nodes.length === 0) return forecast({ judged: [], blocked: [], silent: [], localVolumes: [] });
  const [pods, budgets] = await Promise.all([kubernetes.listPods(nodes.map(nameOf)), kubernetes.listBudgets()]);
  const daemonSets = new Map<string, boolean>();
  await askForDaemonSets(pods, daemonSets, kubernetes);
  const context = {
    settings: request.settings,
    now: clock.now(),
    orphanedDaemonSets: orphanedDaemonSets(daemonSets),
    isSpared: () => false,
  };
  const budgetsOf = budgetLookup(budgets);
  const all = pods.map((pod) => ({ pod, verdict: judgePod(pod, context), budgets: budgetsOf(pod) }));
  const sightings = await sightInstances(nodes, request.instanceStates, clock.now());
  const silent = findSilentNodes(nodes, sightings, all.filter(hasToGo).map(podOf));
  // What has ended with its node is neither evicted nor refused (safe-cycle 55).
  const ended = new Set(silent.flatMap(({ node, end }) => (end === null ? [] : [node])));
  const judged = all.filter(({ pod }) => !ended.has(pod.nodeName));
  const blocked = await tryEvictions(pickForDryRun(judged), kubernetes);
  const localVolumes = await findLocalVolumes(judged.filter(hasToGo).map(podOf), kubernetes.objects);
  return forecast({ judged, blocked, silent, localVolumes });
}

function nameOf({ name }: NodeFacts): string {
  return name;
}

function podOf({ pod }: JudgedPod): PodFacts {
  return pod;
}

interface Seen extends Pick<DrainForecast, "blocked" | "silent" | "localVolumes"> {
  readonly judged: readonly JudgedPod[];
}

function forecast({ judged, blocked, silent, localVolumes }: Seen): DrainForecast {
  const budgets = coveringBudgets(judged);
  const refused = judged
    .filter(({ verdict }) => verdict.disposition === "refuse")
    .map(({ pod, verdict }) => ({ pod: podId(pod), node: pod.nodeName, reasons: verdict.reasons }));
  const deadEnds = budgets.flatMap((budget) => {
    const problem = budgetDeadEnd(budget);
    return problem === null ? [] : [budgetForecast(budget, problem)];
  });
  const lost = judged
    .filter(({ verdict }) => verdict.isLoss && verdict.disposition === "evict")
    .map(({ pod }) => podId(pod));
  const podWarnings = mergeWarnings(judged);
  const holding = holdingBudgets(judged, budgets);
  return {
    refusal: refusalSentence(refused),
    refused,
    lost,
    deadEnds,
    blocked,
    holds: holding.map((budget) => budgetForecast(budget, "all of its pods are to leave")),
    leaving: judged.filter(isToLeave).map(leavingPod),
    localVolumes,
    silent,
    podWarnings,
    warnings: [
      ...podWarnings.map(podWarning),
      ...deadEndWarnings(deadEnds),
      ...blockedWarnings(blocked),
      ...holding.map(holdingWarning),
      ...silent.map(describeSilence),
      ...localVolumes.map(describeLocalVolume),
    ].sort(),
  };
}

function budgetForecast(budget: BudgetFacts, problem: string): BudgetForecast {
  return { budget: budgetId(budget), problem, needs: budget.desiredHealthy, has: budget.currentHealthy };
}

function leavingPod({ pod, verdict, budgets }: JudgedPod): LeavingPod {
  const { nodeName: node, graceSeconds } = pod;
  const isLeftForLast = verdict.disposition === "wait";
  return { pod: podId(pod), node, graceSeconds, isLeftForLast, budgets: budgets.map(budgetId) };
}

function coveringBudgets(judged: readonly JudgedPod[]): readonly BudgetFacts[] {
  return [...new Set(judged.filter(isToLeave).flatMap(({ budgets }) => budgets))];
}

function isToLeave({ verdict }: JudgedPod): boolean {
  return verdict.disposition === "evict" || verdict.disposition === "wait";
}

/** Also those that leave by themselves, or would be refused. */
function hasToGo({ verdict }: JudgedPod): boolean {
  return verdict.disposition !== "skip";
}

/** One pod for each budget that allows nothing now, and one for each set of several budgets. */
function pickForDryRun(judged: readonly JudgedPod[]): readonly JudgedPod[] {
  const doubtful = judged.filter(
    (judgedPod) =>
      isToLeave(judgedPod) &&
      (judgedPod.budgets.length > 1 || judgedPod.budgets.some(({ disruptionsAllowed }) => disruptionsAllowed === 0)),
  );
  const asked = new Set<string>();
  return doubtful.filter(({ budgets }) => {
    const key = budgets.map(budgetId).join(" ");
    if (asked.has(key)) return false;
    asked.add(key);
    return true;
  });
}

async function tryEvictions(judged: readonly JudgedPod[], kubernetes: Kubernetes): Promise<DrainForecast["blocked"]> {
  const blocked: { pod: string; budgets: readonly string[]; message: string }[] = [];
  await eachAtMost(DRY_RUNS_AT_ONCE, judged, async ({ pod, budgets }) => {
    const { namespace, name, uid } = pod;
    const answer = await kubernetes.evict({ namespace, name, uid }, { dryRun: true });
    const message = objection(answer, pod);
    if (message !== null) blocked.push({ pod: podId(pod), budgets: budgets.map(budgetId), message });
  });
  return blocked.sort((a, b) => compareText(a.pod, b.pod));
}

/** What a dry run says against the eviction; faults of the moment say nothing. */
function objection(answer: EvictionAnswer, pod: PodFacts): string | null {
  switch (answer.kind) {
    case "accepted":
    case "gone":
    case "throttled":
    case "transient":
    case "budget-contention":
      return null;
    case "budget-exhausted":
    case "budget-stale":
    case "several-budgets":
    case "namespace-terminating":
    case "webhook-refused":
      return answer.message;
    case "forbidden":
      throw rbacDenied("evict", pod, answer.message);
  }
}

/** A drain to zero leaves replacements nowhere to become ready: a budget that needs any pod holds its last ones. */
function holdingBudgets(judged: readonly JudgedPod[], budgets: readonly BudgetFacts[]): readonly BudgetFacts[] {
  return budgets
    .filter((budget) => budget.desiredHealthy > 0 && budgetDeadEnd(budget) === null)
    .filter(
      (budget) => judged.filter((pod) => isToLeave(pod) && pod.budgets.includes(budget)).length >= budget.expectedPods,
    );
}

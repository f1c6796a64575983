import type { BudgetFacts, NodeFacts, ScalableOwner } from "../ports/index.js";

import { budgetLookup, type BudgetLookup } from "./budgets.js";
import type { QueuedPod } from "./chooser.js";
import type { End, InstanceSightings } from "./instances.js";
import { stageOf, type PodRecord, type Stage } from "./record.js";
import type { DrainSettings } from "./settings.js";
import type { VolumeFacts } from "./volumes.js";

/** A target node that exists. */
export interface NodeRecord {
  readonly facts: NodeFacts;
  /** When we cordoned it or first saw it cordoned. */
  readonly cordonedAt: number;
  /** Nothing that must leave was on it in a list asked for long enough after the cordon (safe-cycle 21). */
  readonly isEmpty: boolean;
  /** Since when none of them has been seen on it; null while some are. */
  readonly podsGoneAt: number | null;
  /** Volumes that it still has to give back (safe-cycle 51); null while that is not known. */
  readonly volumes: readonly string[] | null;
  /** Why nothing runs on it any more, proven; null while something may (safe-cycle 54). */
  readonly end: End | null;
}

/** The target nodes that are there, all of them cordoned. */
export interface Targets {
  /** When they were asked for. */
  readonly readAt: number;
  readonly present: readonly NodeFacts[];
  /** Names of those that were cordoned only just. */
  readonly changed: ReadonlySet<string>;
}

/** What became of looking for something to scale above a held pod. */
export type OwnerNote =
  | { readonly kind: "scaled"; readonly owner: ScalableOwner; readonly at: number }
  | { readonly kind: "unscalable" }
  | { readonly kind: "retry"; readonly at: number };

/**
 * What the loop knows, all of it rebuilt from lists by whoever starts again (safe-cycle 57).
 * The only mutable thing in this room: changed by applying a look and by answers, nowhere else.
 */
export interface DrainState {
  readonly settings: DrainSettings;
  readonly records: Map<string, PodRecord>;
  nodes: ReadonlyMap<string, NodeRecord>;
  targets: Targets;
  /** Nodes whose cordon is noted as ours. */
  readonly ownCordons: Set<string>;
  budgets: readonly BudgetFacts[];
  budgetsOf: BudgetLookup;
  budgetsReadAt: number;
  /** Whether volumes matter in this drain: some pod that leaves, or left, has or may have had one. */
  hasVolumes: boolean;
  /** As last read; null when they never were. */
  volumes: VolumeFacts | null;
  /** Why volumes cannot be read at all; then none are waited for. */
  volumeProblem: string | null;
  /** What EC2 said of the instances of nodes that are not Ready. */
  instances: InstanceSightings;
  /** Why EC2 could not be asked, the last time that it could not. */
  instanceProblem: string | null;
  /** DaemonSets asked for so far: whether they exist. */
  readonly daemonSets: Map<string, boolean>;
  refusedNodes: ReadonlySet<string>;
  loopingControllers: ReadonlySet<string>;
  /** Target nodes whose instance has ended. */
  endedNodes: ReadonlyMap<string, End>;
  /** Evictable pods of the open tiers, in the order in which they take turns. */
  queue: readonly QueuedPod[];
  readonly inFlight: Map<string, QueuedPod>;
  readonly begunNodes: Set<string>;
  /** By UID of the controller, or of the pod that has none. */
  readonly owners: Map<string, OwnerNote>;
  readonly scaledOwners: ScalableOwner[];
  /** Once owners are being scaled, it does not stop again (safe-cycle 63). */
  isScaling: boolean;
  isScalingUnderWay: boolean;
  lastAcceptedAt: number;
  /** Events about blocked pods: the UIDs of those that were told of, and whether the server takes them. */
  readonly warnings: { readonly told: Set<string>; isUnderWay: boolean; isRefused: boolean };
  readonly counters: Counters;
}

/** Calls made and answers got, refusals counted apart by kind (scenario S5). */
export interface Counters {
  passes: number;
  cordons: number;
  evictions: number;
  deletions: number;
  scalings: number;
  readonly answers: Map<string, number>;
}

/** A state in which nothing has been seen. */
export function createState(settings: DrainSettings, cordonedByUs: ReadonlySet<string>): DrainState {
  return {
    settings,
    records: new Map(),
    nodes: new Map(),
    targets: { readAt: Number.NEGATIVE_INFINITY, present: [], changed: new Set() },
    ownCordons: new Set(cordonedByUs),
    budgets: [],
    budgetsOf: budgetLookup([]),
    budgetsReadAt: Number.NEGATIVE_INFINITY,
    hasVolumes: false,
    volumes: null,
    volumeProblem: null,
    instances: new Map(),
    instanceProblem: null,
    daemonSets: new Map(),
    refusedNodes: new Set(),
    loopingControllers: new Set(),
    endedNodes: new Map(),
    queue: [],
    inFlight: new Map(),
    begunNodes: new Set(),
    owners: new Map(),
    scaledOwners: [],
    isScaling: false,
    isScalingUnderWay: false,
    lastAcceptedAt: Number.NEGATIVE_INFINITY,
    warnings: { told: new Set(), isUnderWay: false, isRefused: false },
    counters: { passes: 0, cordons: 0, evictions: 0, deletions: 0, scalings: 0, answers: new Map() },
  };
}

/** Pods by stage. */
export type Census = Readonly<Record<Stage, readonly PodRecord[]>>;

/** Every known pod in its stage at `now`. */
export function takeCensus(state: DrainState, now: number): Census {
  const census: Record<Stage, PodRecord[]> = {
    gone: [],
    skipped: [],
    lifeless: [],
    leaving: [],
    stuck: [],
    refused: [],
    "left-alone": [],
    looping: [],
    waiting: [],
    held: [],
    untried: [],
  };
  const context = { ...state, now };
  for (const record of state.records.values()) census[stageOf(record, context)].push(record);
  return census;
}

/** Pods that have not begun to leave and should; those on refused nodes are not ours to move. */
export function stillStanding(census: Census): readonly PodRecord[] {
  return [...census.untried, ...census.held, ...census.waiting, ...census.looping];
}

/** Pods that no longer run anywhere and whose objects have not been asked away yet: that is tried before the drain ends. */
export function notCleared({ lifeless }: Census): readonly PodRecord[] {
  return lifeless.filter(({ clearedAt }) => clearedAt === null);
}

/** Whether a budget is what holds the pod (safe-cycle H22). */
export function isHeldByBudget({ refusal }: PodRecord): boolean {
  return refusal?.code.includes("budget") === true;
}

/** Counts one answer. */
export function countAnswer({ counters }: DrainState, code: string): void {
  counters.answers.set(code, (counters.answers.get(code) ?? 0) + 1);
}

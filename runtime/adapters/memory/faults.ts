import type { Capacity, EvictionAnswer, FailureCode, Kubernetes, PodRef, Prospects } from "../../ports/index.js";
import { Failure } from "../../ports/index.js";

/** A call of either port. */
export type CallName =
  Exclude<keyof Capacity | keyof Kubernetes, "close" | "objects" | "prospects"> | keyof Prospects | ObjectCallName;

/** The calls of the port's `objects` under names that stand for themselves. */
type ObjectCallName = "listObjects" | "readObject" | "patchObject" | "removeObject" | "rehearseCreate" | "may";

const CAPACITY_CALLS: readonly CallName[] = [
  "describeCluster",
  "listGroups",
  "readInstances",
  "resize",
  "resizeStatus",
  "instanceStates",
  "setScalingProcesses",
  "karpenterInstances",
  "scalingActivities",
  "switchBuiltInPools",
  "switchStatus",
  "permissions",
  "subnets",
  "launchTemplates",
  "addOns",
  "vcpuQuotas",
  "nodeVcpus",
  "instanceRefreshes",
];

/** What can be wrong with a cluster until somebody mends it, and what the caller is told. */
const STANDING_FAULTS = {
  "credentials-missing": "No AWS credentials were found.",
  "credentials-expired": "The AWS credentials have expired.",
  "role-refused": "The spoke role cannot be assumed.",
  "permission-denied": "AWS denied the call.",
  throttled: "AWS throttled the call.",
  "access-entry-missing": "The cluster does not know this identity.",
  "rbac-denied": "The cluster's RBAC forbids the call.",
  "endpoint-unreachable": "The cluster's endpoint does not answer.",
  unavailable: "The service is unavailable.",
} satisfies Partial<Record<FailureCode, string>>;

export type StandingFault = keyof typeof STANDING_FAULTS;

const ONLY_CAPACITY: readonly StandingFault[] = ["permission-denied", "throttled"];
const ONLY_KUBERNETES: readonly StandingFault[] = ["access-entry-missing", "rbac-denied", "endpoint-unreachable"];

/** One call that is to go wrong. */
interface NextFault {
  readonly call: CallName;
  readonly error: Error;
  /** `after`: the effect has taken place and only its answer is lost (safe-cycle 29). Default `before`. */
  readonly when?: "before" | "after";
  /** How many calls; default 1. */
  readonly times?: number;
}

/** An eviction that is answered without being judged. */
interface NextEvictionAnswer {
  readonly answer: EvictionAnswer;
  /** The eviction takes place all the same, as behind a lost answer. Default false. */
  readonly tookEffect?: boolean;
  /** Only evictions of the pod by this name; default any. */
  readonly podName?: string;
  readonly times?: number;
}

/** Knobs that make one cluster's calls go wrong. */
export interface FaultControls {
  /** Lets a fault stand until `end`; on `calls` only, when given. Calling twice replaces the calls. */
  begin(fault: StandingFault, calls?: readonly CallName[]): void;
  /** Calling twice is safe. */
  end(fault: StandingFault): void;
  failNext(fault: NextFault): void;
  /** For answers that a real server gives only by luck: contention, throttling, lost connections. */
  answerNextEviction(answer: NextEvictionAnswer): void;
  /** How long every call takes from now on. */
  setLatencyMs(latencyMs: number): void;
}

/** The knobs, and what the ports ask them. */
export interface Faults extends FaultControls {
  latencyMs(): number;
  /** The fault that stands in the way of `call`. */
  standing(call: CallName): StandingFault | undefined;
  /** Throws what was set up for this moment of `call`, and counts it down. */
  strike(call: CallName, when: "before" | "after"): void;
  takeEvictionAnswer(pod: PodRef): NextEvictionAnswer | undefined;
}

/** Knobs that are all in their resting position. */
export function createFaults(): Faults {
  const standing = new Map<StandingFault, readonly CallName[]>();
  const nextFaults: NextFault[] = [];
  const nextAnswers: NextEvictionAnswer[] = [];
  let latencyMs = 0;
  return {
    begin: (fault, calls) => void standing.set(fault, calls ?? reachOf(fault)),
    end: (fault) => void standing.delete(fault),
    failNext: (fault) => void nextFaults.push(...repeat(fault)),
    answerNextEviction: (answer) => void nextAnswers.push(...repeat(answer)),
    setLatencyMs: (value) => void (latencyMs = value),
    latencyMs: () => latencyMs,
    standing: (call) => [...standing].find(([, calls]) => calls.includes(call))?.[0],
    strike(call, when) {
      const fault = takeFirst(nextFaults, (each) => each.call === call && (each.when ?? "before") === when);
      if (fault !== undefined) throw fault.error;
    },
    takeEvictionAnswer: (pod) => takeFirst(nextAnswers, ({ podName }) => podName === undefined || podName === pod.name),
  };
}

/** A standing fault as the ports throw it. */
export function standingFailure(fault: StandingFault): Failure {
  return new Failure({
    code: fault,
    message: STANDING_FAULTS[fault],
    remedy: `End the fault ${fault} of this in-memory cluster.`,
  });
}

/** Every call that the fault can hit: AWS's alone, the API server's alone, or all. */
function reachOf(fault: StandingFault): readonly CallName[] {
  if (ONLY_CAPACITY.includes(fault)) return CAPACITY_CALLS;
  if (ONLY_KUBERNETES.includes(fault)) return KUBERNETES_CALLS;
  return [...CAPACITY_CALLS, ...KUBERNETES_CALLS];
}

const KUBERNETES_CALLS: readonly CallName[] = [
  "listNodes",
  "listPods",
  "listBudgets",
  "patchNode",
  "evict",
  "deletePod",
  "daemonSetExists",
  "findScalableOwner",
  "readOwner",
  "scaleOwner",
  "warnOfPod",
  "listObjects",
  "readObject",
  "patchObject",
  "removeObject",
  "rehearseCreate",
  "may",
];

function repeat<T extends { readonly times?: number }>(item: T): readonly T[] {
  return Array.from({ length: item.times ?? 1 }, () => item);
}

function takeFirst<T>(items: T[], isWanted: (item: T) => boolean): T | undefined {
  const index = items.findIndex(isWanted);
  return index === -1 ? undefined : items.splice(index, 1)[0];
}

import type {
  Capacity,
  ClusterFacts,
  GroupInstances,
  GroupSize,
  InstanceState,
  NodeGroup,
  Prospects,
  ResizeAnswer,
} from "../../ports/index.js";
import type { AutoModeSide } from "./auto-mode.js";
import type { Calls } from "./calls.js";
import type { Simulation } from "./cluster-state.js";
import type { GroupState } from "./group-state.js";
import { groupId } from "./group-state.js";
import { groupStatus, requestUpdate, updateStatus } from "./node-group-updates.js";

/** The groups of one cluster by id, and its control plane's facts as they are now. */
export interface CloudSide {
  readonly groups: ReadonlyMap<string, GroupState>;
  /** Instances that are in no group any more and that EC2 still knows, by id. */
  readonly strays: ReadonlyMap<string, InstanceState>;
  readonly facts: () => ClusterFacts;
  readonly autoMode: AutoModeSide;
  readonly prospects: Prospects;
}

/** The cloud's side of one in-memory cluster. */
export function createMemoryCapacity(simulation: Simulation, calls: Calls, cloud: CloudSide): Capacity {
  const { groups, facts } = cloud;
  return {
    describeCluster: () => calls.read("describeCluster", facts),
    listGroups: () => calls.read("listGroups", () => [...groups.values()].map(groupFacts).sort(byId)),
    readInstances: (asked) => calls.read("readInstances", () => asked.flatMap(({ id }) => instancesOf(groups.get(id)))),
    resize: (group, size, token) => {
      const effect = (): ResizeAnswer => resize(simulation, groups.get(group.id), size, token);
      return calls.mutate({ call: "resize", target: group.id, detail: { ...size, token } }, effect, ({ kind }) => kind);
    },
    scalingActivities: ({ id }) => calls.read("scalingActivities", () => [...(groups.get(id)?.activities ?? [])]),
    resizeStatus: (group, updateId) => calls.read("resizeStatus", () => statusOf(groups.get(group.id), updateId)),
    instanceStates: (ids) =>
      calls.read("instanceStates", () => new Map(ids.map((id) => [id, stateOf(id, cloud)] as const))),
    setScalingProcesses: (group, processes, change) =>
      calls.mutate(
        { call: "setScalingProcesses", target: group.id, detail: { processes, change } },
        () => setProcesses(groups.get(group.id), processes, change),
        (outcome) => outcome,
      ),
    karpenterInstances: () => calls.read("karpenterInstances", () => karpenterInstances(simulation)),
    switchBuiltInPools: (autoMode, token) =>
      calls.mutate(
        { call: "switchBuiltInPools", target: facts().arn, detail: { ...autoMode, token } },
        () => cloud.autoMode.switchPools(autoMode, token),
        ({ kind }) => kind,
      ),
    switchStatus: (updateId) => calls.read("switchStatus", () => cloud.autoMode.status(updateId)),
    prospects: cloud.prospects,
  };
}

function setProcesses(
  group: GroupState | undefined,
  processes: readonly string[],
  change: "suspend" | "resume",
): "changed" | "gone" {
  if (group === undefined) return "gone";
  if (group.kind === "managed")
    throw new RangeError(`${groupId(group)} is managed by EKS: its processes stay as they are`);
  for (const process of processes) {
    if (change === "suspend") group.suspendedProcesses.add(process);
    else group.suspendedProcesses.delete(process);
  }
  return "changed";
}

/** What Karpenter launched is known here by its Node, which lives as long as the instance. */
function karpenterInstances({ state }: Simulation): readonly string[] {
  const nodes = [...state.nodes.values()].filter(({ labels }) => labels.has("karpenter.sh/nodepool"));
  return nodes.flatMap(({ instanceId }) => instanceId ?? []).sort();
}

const EC2_WORDS = {
  Pending: "pending",
  "Pending:Wait": "running",
  InService: "running",
  Terminating: "shutting-down",
} as const;

/** What is in no group and no stray has ended. */
function stateOf(id: string, { groups, strays }: CloudSide): InstanceState {
  for (const { instances } of groups.values()) {
    const instance = instances.get(id);
    if (instance !== undefined) return EC2_WORDS[instance.state];
  }
  return strays.get(id) ?? "terminated";
}

function statusOf(group: GroupState | undefined, updateId: string) {
  return group?.kind === "self-managed" ? ({ kind: "successful" } as const) : updateStatus(group, updateId);
}

function resize(simulation: Simulation, group: GroupState | undefined, size: GroupSize, token: string): ResizeAnswer {
  assertSize(size);
  if (group === undefined) return { kind: "group-gone" };
  if (group.kind === "managed") return requestUpdate(simulation, group, size, token);
  if (group.isScalingBusy) return { kind: "busy", message: "ScalingActivityInProgress" };
  group.size = size;
  group.declaredSize = size;
  return { kind: "accepted", updateId: null };
}

/** AWS refuses such sizes; a caller that sends one is broken, so it must not pass for an answer (safe-cycle H28, S30). */
function assertSize({ min, desired, max }: GroupSize): void {
  if (max < 1) throw new RangeError(`maxSize must be at least 1, not ${max}`);
  if (min < 0 || min > desired) throw new RangeError(`minSize ${min} must lie between 0 and desiredSize ${desired}`);
  if (desired > max) throw new RangeError(`desiredSize ${desired} is above maxSize ${max}`);
}

function groupFacts(group: GroupState): NodeGroup {
  return {
    id: groupId(group),
    kind: group.kind,
    name: group.name,
    autoScalingGroup: group.autoScalingGroup,
    size: group.declaredSize,
    status: groupStatus(group),
    healthIssues: group.kind === "managed" && group.launchIssue !== null ? [group.launchIssue] : [],
    ...(group.launchTemplate !== null && { launchTemplate: group.launchTemplate }),
    zones: group.zones,
    observed: observe(group),
  };
}

function instancesOf(group: GroupState | undefined): readonly GroupInstances[] {
  return group === undefined ? [] : [observe(group)];
}

function observe(group: GroupState): GroupInstances {
  return {
    groupId: groupId(group),
    size: group.size,
    suspendedProcesses: [...group.suspendedProcesses].sort(),
    instances: [...group.instances.values()].map(({ id, zone, state, isProtectedFromScaleIn }) => ({
      id,
      zone,
      state,
      isProtectedFromScaleIn,
    })),
  };
}

function byId(a: NodeGroup, b: NodeGroup): number {
  return a.id < b.id ? -1 : 1;
}

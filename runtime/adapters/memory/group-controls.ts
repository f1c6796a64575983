import type { GroupSize, InstanceState, NodeTaint, ScalingActivity } from "../../ports/index.js";
import type { InstanceNames } from "./auto-scaling.js";
import { startFull, terminate } from "./auto-scaling.js";
import type { Simulation } from "./cluster-state.js";
import type { GroupState, GroupTimings } from "./group-state.js";
import { groupId } from "./group-state.js";
import { setNodeReady } from "./nodes.js";
import { startUpdate } from "./node-group-updates.js";

/** A node group as it is before the story begins. Its instances are up and Ready. */
export interface GroupSpec extends Partial<GroupTimings> {
  readonly name: string;
  /** Default "managed". */
  readonly kind?: "managed" | "self-managed";
  readonly size: GroupSize;
  /** Default two zones of the cluster's region. */
  readonly zones?: readonly string[];
  readonly launchTemplate?: string;
  readonly nodeLabels?: Readonly<Record<string, string>>;
  readonly nodeTaints?: readonly NodeTaint[];
}

/** What people, other tools and bad luck do to node groups. Groups go by id (`managed/<name>`, `asg/<name>`); an unknown one throws. */
export interface GroupControls {
  addGroup(group: GroupSpec): void;
  /** The group is deleted: it is gone at once, its instances follow. */
  removeGroup(id: string): void;
  /** Somebody changes the size past the port; it takes effect at once. */
  setSizeByHand(id: string, size: GroupSize): void;
  /** Somebody else's update keeps the group busy for so long (safe-cycle S29). Returns its id. */
  startForeignUpdate(id: string, durationMs: number): string;
  /** A self-managed group answers ScalingActivityInProgress until it is set back. */
  setScalingBusy(id: string, isBusy: boolean): void;
  /** From now on the group takes longer or shorter, e.g. because its account has no launch tokens left. */
  setTimings(id: string, timings: Partial<GroupTimings>): void;
  /** The next update is accepted and fails in the end. */
  failNextUpdate(id: string, message: string): void;
  /** Launches fail and EKS says so, e.g. `AsgInstanceLaunchFailures: …` (safe-cycle W8); null lets them work again. */
  setLaunchIssue(id: string, issue: string | null): void;
  /** A lifecycle hook that nobody completes: what is launched from now on stays in Pending:Wait (safe-cycle W5). */
  setLaunchHook(id: string, isSet: boolean): void;
  /** `Launch` and `Terminate` really stop (safe-cycle H30). */
  suspendProcesses(id: string, processes: readonly string[]): void;
  resumeProcesses(id: string, processes: readonly string[]): void;
  setScaleInProtection(instanceId: string, isProtected: boolean): void;
  /** EKS's status by hand, e.g. CREATING; null lets the facts speak again. */
  setGroupStatus(id: string, status: string | null): void;
  /** Auto Scaling takes an instance away and launches another, as for AZRebalance (safe-cycle H31). */
  replaceInstance(instanceId: string): void;
  /**
   * An instance leaves its group, which launches another in its place. EC2 goes on to show it in `state`; in all but
   * `running` its kubelet falls silent and its Node object stays behind (safe-cycle 53, 54).
   */
  loseInstance(instanceId: string, state: InstanceState): void;
}

/** What the controls need besides the simulation. */
export interface GroupParts {
  readonly groups: Map<string, GroupState>;
  /** Instances that left their group, by id. */
  readonly strays: Map<string, InstanceState>;
  readonly names: InstanceNames;
  readonly timings: GroupTimings;
  readonly region: string;
}

/** The controls over `parts`; `change` performs an effect now and lets the controllers react. */
export function createGroupControls(
  simulation: Simulation,
  parts: GroupParts,
  change: <T>(effect: () => T) => T,
): GroupControls {
  const { groups, strays } = parts;

  function onGroup<T>(id: string, effect: (group: GroupState) => T): T {
    return change(() => {
      const group = groups.get(id);
      if (group === undefined) throw new Error(`no group ${id}`);
      return effect(group);
    });
  }

  const ofInstance = (instanceId: string) => findInstance(groups, instanceId);

  function removeGroup(id: string, group: GroupState): void {
    groups.delete(id);
    for (const instance of group.instances.values()) terminate(simulation, group, instance);
  }

  return {
    addGroup: (spec) =>
      change(() => {
        const group = newGroup(spec, parts);
        if (groups.has(groupId(group))) throw new Error(`group ${groupId(group)} already exists`);
        groups.set(groupId(group), group);
        startFull(simulation, group, parts.names);
      }),
    removeGroup: (id) => onGroup(id, (group) => removeGroup(id, group)),
    setSizeByHand: (id, size) =>
      onGroup(id, (group) => {
        group.activities.unshift(sizedByUser(simulation, group, size));
        Object.assign(group, { size, declaredSize: size });
      }),
    startForeignUpdate: (id, durationMs) =>
      onGroup(id, (group) => startUpdate(simulation, group, { target: null, token: null, durationMs })),
    setScalingBusy: (id, isBusy) => onGroup(id, (group) => void (group.isScalingBusy = isBusy)),
    setTimings: (id, timings) => onGroup(id, (group) => void (group.timings = { ...group.timings, ...timings })),
    failNextUpdate: (id, message) => onGroup(id, (group) => void (group.nextUpdateFailure = message)),
    setLaunchIssue: (id, issue) =>
      onGroup(id, (group) => {
        group.launchIssue = issue;
        if (issue !== null) group.activities.unshift(failedLaunch(simulation, issue));
      }),
    setLaunchHook: (id, isSet) => onGroup(id, (group) => void (group.isHooked = isSet)),
    suspendProcesses: (id, processes) =>
      onGroup(id, (group) => processes.forEach((process) => group.suspendedProcesses.add(process))),
    resumeProcesses: (id, processes) =>
      onGroup(id, (group) => processes.forEach((process) => group.suspendedProcesses.delete(process))),
    setScaleInProtection: (instanceId, isProtected) =>
      change(() => void (ofInstance(instanceId).instance.isProtectedFromScaleIn = isProtected)),
    setGroupStatus: (id, status) => onGroup(id, (group) => void (group.forcedStatus = status)),
    replaceInstance: (instanceId) =>
      change(() => {
        const { group, instance } = ofInstance(instanceId);
        terminate(simulation, group, instance);
      }),
    loseInstance: (instanceId, state) =>
      change(() => {
        const { group, instance } = ofInstance(instanceId);
        group.instances.delete(instanceId);
        strays.set(instanceId, state);
        if (state !== "running") setNodeReady(simulation, instance.nodeName, "Unknown");
      }),
  };
}

/** An instance of any group, with its group. */
function findInstance(
  groups: ReadonlyMap<string, GroupState>,
  instanceId: string,
): { readonly group: GroupState; readonly instance: NonNullable<ReturnType<GroupState["instances"]["get"]>> } {
  for (const group of groups.values()) {
    const instance = group.instances.get(instanceId);
    if (instance !== undefined) return { group, instance };
  }
  throw new Error(`no instance ${instanceId}`);
}

function sizedByUser({ agenda }: Simulation, { size: before }: GroupState, { desired }: GroupSize): ScalingActivity {
  const cause = `A user request changed the desired capacity from ${before.desired} to ${desired}.`;
  return { at: agenda.now(), state: "successful", cause, message: "" };
}

function failedLaunch({ agenda }: Simulation, message: string): ScalingActivity {
  const cause = "An instance was started in response to a difference between desired and actual capacity.";
  return { at: agenda.now(), state: "failed", cause, message };
}

function newGroup(spec: GroupSpec, { timings, region }: GroupParts): GroupState {
  const { name, kind = "managed", size, zones = [`${region}a`, `${region}b`], launchTemplate = null } = spec;
  const { bootMs, readyMs, terminateMs, updateMs } = { ...timings, ...spec };
  return {
    kind,
    name,
    autoScalingGroup: kind === "managed" ? `eks-${name}` : name,
    zones,
    launchTemplate,
    timings: { bootMs, readyMs, terminateMs, updateMs },
    nodeLabels: spec.nodeLabels ?? {},
    nodeTaints: spec.nodeTaints ?? [],
    declaredSize: size,
    size,
    forcedStatus: null,
    launchIssue: null,
    isScalingBusy: false,
    isHooked: false,
    suspendedProcesses: new Set(),
    instances: new Map(),
    updates: new Map(),
    activities: [],
    nextUpdateFailure: null,
  };
}

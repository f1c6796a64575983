import type { Simulation } from "./cluster-state.js";
import type { GroupState, InstanceState } from "./group-state.js";
import { addNode, removeNode, setNodeReady } from "./nodes.js";

/** Where new instances get their names from. */
export interface InstanceNames {
  /** Unique within the world. */
  next(): { readonly instanceId: string; readonly nodeName: string };
}

/**
 * Brings the number of instances to what the group wants, as far as its processes run: a suspended
 * Launch or Terminate does nothing and says nothing (safe-cycle H30, W5). Calling twice is safe.
 */
export function runAutoScaling(simulation: Simulation, group: GroupState, names: InstanceNames): void {
  const wanted = group.size.desired - living(group).length;
  for (let missing = wanted; missing > 0; missing -= 1) {
    if (group.suspendedProcesses.has("Launch") || group.launchIssue !== null) return;
    launch(simulation, group, names);
  }
  for (let excess = -wanted; excess > 0; excess -= 1) {
    const victim = chooseVictim(group);
    if (victim === undefined || group.suspendedProcesses.has("Terminate")) return;
    terminate(simulation, group, victim);
  }
}

/** Instances that are up before the story begins: in service, with a Ready node. */
export function startFull(simulation: Simulation, group: GroupState, names: InstanceNames): void {
  while (living(group).length < group.size.desired) {
    const instance = newInstance(group, names);
    instance.state = "InService";
    registerNode(simulation, group, instance, "True");
  }
}

/** Takes an instance away, and its node with it, whatever still runs there. Calling twice is safe. */
export function terminate(simulation: Simulation, group: GroupState, instance: InstanceState): void {
  if (instance.state === "Terminating") return;
  instance.state = "Terminating";
  simulation.agenda.after(group.timings.terminateMs, () => {
    group.instances.delete(instance.id);
    removeNode(simulation, instance.nodeName);
  });
}

function living({ instances }: GroupState): readonly InstanceState[] {
  return [...instances.values()].filter(({ state }) => state !== "Terminating");
}

function launch(simulation: Simulation, group: GroupState, names: InstanceNames): void {
  const instance = newInstance(group, names);
  simulation.agenda.after(group.timings.bootMs, () => {
    if (instance.state !== "Pending") return;
    if (group.isHooked) {
      instance.state = "Pending:Wait";
      return;
    }
    instance.state = "InService";
    registerNode(simulation, group, instance, "False");
    simulation.agenda.after(group.timings.readyMs, () => setNodeReady(simulation, instance.nodeName, "True"));
  });
}

function newInstance(group: GroupState, names: InstanceNames): InstanceState {
  const { instanceId, nodeName } = names.next();
  const instance: InstanceState = {
    id: instanceId,
    zone: emptiestZone(group),
    nodeName,
    state: "Pending",
    isProtectedFromScaleIn: false,
  };
  group.instances.set(instance.id, instance);
  return instance;
}

function registerNode(
  simulation: Simulation,
  group: GroupState,
  instance: InstanceState,
  ready: "True" | "False",
): void {
  const groupLabel = group.kind === "managed" ? { "eks.amazonaws.com/nodegroup": group.name } : {};
  addNode(simulation, {
    name: instance.nodeName,
    instanceId: instance.id,
    labels: { "topology.kubernetes.io/zone": instance.zone, ...groupLabel, ...group.nodeLabels },
    taints: group.nodeTaints,
    ready,
  });
}

function emptiestZone(group: GroupState): string {
  const [first, ...others] = group.zones;
  if (first === undefined) throw new Error(`group ${group.name} has no zone`);
  return others.reduce((best, zone) => (countIn(group, zone) < countIn(group, best) ? zone : best), first);
}

/** Auto Scaling's default: the fullest zone, there the oldest instance, never a protected one. */
function chooseVictim(group: GroupState): InstanceState | undefined {
  const candidates = living(group).filter(({ isProtectedFromScaleIn }) => !isProtectedFromScaleIn);
  return [...candidates].sort((a, b) => countIn(group, b.zone) - countIn(group, a.zone))[0];
}

function countIn(group: GroupState, zone: string): number {
  return living(group).filter((instance) => instance.zone === zone).length;
}

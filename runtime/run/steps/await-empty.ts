import { groupOf } from "../../cycle/index.js";
import type { FailureInfo, GroupInstances, NodeFacts, NodeGroup } from "../../ports/index.js";
import type { StepContext, StepOutcome } from "../context.js";
import { waitForCloud, waitOptions, waitUntil, type WaitEnd } from "../poll.js";
import { lookForRemains } from "./remains.js";
import { failedResize } from "./resize-status.js";
import { awaitInstancesEnded } from "./survivors.js";

/**
 * Done means, in this order: instances gone from their groups and ended in EC2, Nodes deleted, no living pod left on them,
 * no service that still points there, no volume that is still attached there (safe-cycle H32). Only looks; repeating it is safe.
 */
export async function awaitEmptyStep(context: StepContext): Promise<StepOutcome> {
  const groups = savedGroups(context);
  const seen = knownInstances(groups, context);
  const instances = await awaitInstancesGone(groups, seen, context);
  if (instances.kind !== "done") return instances;
  const ended = await awaitInstancesEnded([...seen], context);
  if (ended.kind !== "done") return ended;
  return awaitNodesGone(groups, context);
}

/** Every instance that this run has seen of the groups, whether it still is in one or not. */
function knownInstances(groups: readonly NodeGroup[], context: StepContext): Set<string> {
  const { instances } = context.observation;
  const ids = new Set(groups.map(({ id }) => id));
  return new Set([
    ...instances.filter(({ groupId }) => ids.has(groupId)).flatMap((seen) => seen.instances.map(({ id }) => id)),
    ...nodesOf(groups, context).flatMap(({ instanceId }) => instanceId ?? []),
  ]);
}

function nodesOf(groups: readonly NodeGroup[], { observation }: StepContext): readonly NodeFacts[] {
  const ids = new Set<string | undefined>(groups.map(({ id }) => id));
  return observation.nodes.filter((node) => ids.has(groupOf(node, groups, observation.instances)));
}

function savedGroups({ observation, snapshot, notes }: StepContext): readonly NodeGroup[] {
  const saved = new Set(snapshot?.groups.map((group) => group.id));
  return observation.groups.filter((group) => saved.has(group.id) && !notes.failedGroups.has(group.id));
}

/** Adds to `seen` whatever shows up meanwhile. */
async function awaitInstancesGone(
  groups: readonly NodeGroup[],
  seen: Set<string>,
  context: StepContext,
): Promise<StepOutcome> {
  let left: readonly GroupInstances[] = [];
  const found: { failure: FailureInfo | null } = { failure: null };
  const end = await waitForCloud(
    async () => {
      left = (await context.capacity.readInstances(groups)).filter(isStillUp);
      for (const { instances } of left) for (const { id } of instances) seen.add(id);
      if (left.length === 0) return true;
      context.tell(`waiting for ${count(left)} instance(s) to terminate`, { instances: count(left) });
      found.failure =
        stuck(left) ??
        (await failedResize(
          left.map((seen) => seen.groupId),
          context,
        ));
      return found.failure !== null;
    },
    waitOptions(context, context.settings.resizeTimeoutSeconds),
  );
  if (found.failure) return { kind: "stopped", failure: found.failure };
  return conclude(end, () => survivors(left));
}

function isStillUp(seen: GroupInstances): boolean {
  return seen.instances.length > 0 || seen.size.desired > 0;
}

/** A suspended Terminate makes a resize a silent no-op (safe-cycle H30, S31). */
function stuck(left: readonly GroupInstances[]): FailureInfo | null {
  const suspended = left.filter((seen) => seen.instances.length > 0 && seen.suspendedProcesses.includes("Terminate"));
  if (suspended.length > 0) {
    return {
      code: "group-stuck",
      message: `The Terminate process of ${suspended.map((seen) => seen.groupId).join(", ")} is suspended, so nothing terminates.`,
      remedy: "Resume it (aws autoscaling resume-processes) and run again; the saved sizes are kept.",
    };
  }
  return null;
}

function survivors(left: readonly GroupInstances[]): FailureInfo {
  const guarded = left.flatMap((seen) => seen.instances.filter((i) => i.isProtectedFromScaleIn).map((i) => i.id));
  const names = left.flatMap((seen) => seen.instances.map((i) => `${i.id} (${seen.groupId}, ${i.state})`));
  const why = guarded.length > 0 ? ` Protected from scale-in: ${guarded.join(", ")}.` : "";
  return {
    code: guarded.length > 0 ? "group-stuck" : "not-empty",
    message: `${names.length} instance(s) are still there: ${names.slice(0, 10).join(", ")}.${why}`,
    remedy:
      guarded.length > 0
        ? "Take the scale-in protection off these instances and run again; the saved sizes are kept."
        : "Look at the Auto Scaling activity of these groups, then run again; the saved sizes are kept.",
  };
}

async function awaitNodesGone(groups: readonly NodeGroup[], context: StepContext): Promise<StepOutcome> {
  const { kubernetes } = context;
  const known = new Set(nodesOf(groups, context).map((node) => node.name));
  const remains = lookForRemains(context);
  let left: readonly string[] = [];
  const end = await waitUntil(
    async () => {
      const nodes = await kubernetes.listNodes();
      left = nodes.filter((node) => known.has(node.name) || groupOf(node, groups, [])).map((node) => node.name);
      for (const name of left) known.add(name);
      if (left.length > 0) {
        context.tell(`waiting for ${left.length} Node object(s) to go`, { nodes: left.length });
        return false;
      }
      left = await livingPods(context, [...known]);
      if (left.length > 0) {
        context.tell(`waiting for ${left.length} pod(s) of gone nodes`, { pods: left.length });
        return false;
      }
      left = await remains(nodes.map((node) => node.name));
      if (left.length > 0) context.tell(`waiting for ${left.join(", ")}`, { remains: left.length });
      return left.length === 0;
    },
    waitOptions(context, context.settings.emptyTimeoutSeconds),
  );
  return conclude(end, () => leftovers(left));
}

async function livingPods({ kubernetes }: StepContext, nodeNames: readonly string[]): Promise<readonly string[]> {
  if (nodeNames.length === 0) return [];
  const pods = await kubernetes.listPods(nodeNames);
  return pods
    .filter((pod) => pod.deletionAt !== null || pod.phase === "Running")
    .map((pod) => `${pod.namespace}/${pod.name}`);
}

function leftovers(left: readonly string[]): FailureInfo {
  return {
    code: "not-empty",
    message: `All instances are gone, but Kubernetes still lists ${left.slice(0, 10).join(", ")}${left.length > 10 ? " …" : ""}.`,
    remedy:
      "The cloud controller, pod garbage collection and the attach/detach controller remove them within minutes; run again to verify. The saved sizes are kept.",
  };
}

function conclude(end: WaitEnd, failure: () => FailureInfo): StepOutcome {
  if (end === "timed-out") return { kind: "stopped", failure: failure() };
  return { kind: end };
}

function count(left: readonly GroupInstances[]): number {
  return left.reduce((sum, seen) => sum + seen.instances.length, 0);
}

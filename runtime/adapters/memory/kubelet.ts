import type { NodeState, PodState, Simulation } from "./cluster-state.js";
import { objectKey } from "./cluster-state.js";

const MIRROR_ANNOTATION = "kubernetes.io/config.mirror";

/** Whether the node, and not a controller, answers for the pod (safe-cycle 6). */
export function isMirrorPod({ template, controller }: PodState): boolean {
  return MIRROR_ANNOTATION in template.annotations || controller?.kind === "Node";
}

/** Books the start of every bound pod that is not booked yet. Pods wait for a Ready node; daemons and mirrors do not. */
export function startPods(simulation: Simulation, booked: Set<string>): void {
  for (const pod of simulation.state.pods.values()) {
    if (pod.phase !== "Pending" || pod.deletion !== null || booked.has(pod.uid) || !canStart(simulation, pod)) continue;
    booked.add(pod.uid);
    simulation.agenda.after(pod.template.startMs, () => {
      booked.delete(pod.uid);
      run(simulation, pod);
    });
  }
}

function canStart(simulation: Simulation, pod: PodState): boolean {
  const node = nodeOf(simulation, pod);
  if (node === undefined || node.ready === "Unknown") return false;
  return node.ready === "True" || pod.controller?.kind === "DaemonSet" || isMirrorPod(pod);
}

function run(simulation: Simulation, pod: PodState): void {
  if (!isCurrent(simulation, pod) || pod.phase !== "Pending" || pod.deletion !== null || !canStart(simulation, pod))
    return;
  pod.phase = "Running";
  pod.isReady = pod.template.ready;
  pod.startedAt = simulation.agenda.now();
}

/**
 * DELETE as the API server takes it: nothing to wait for without a node, after the end, or at grace 0;
 * a second request can only shorten, counted from the first one (safe-cycle 11, 63, T4).
 */
export function requestDeletion(simulation: Simulation, pod: PodState, requestedGraceSeconds?: number): void {
  const hasNothingToEnd = pod.nodeName === null || pod.phase === "Succeeded" || pod.phase === "Failed";
  const graceSeconds = hasNothingToEnd ? 0 : (requestedGraceSeconds ?? pod.template.graceSeconds);
  if (pod.deletion !== null && graceSeconds >= pod.deletion.graceSeconds) return;
  const requestedAt = pod.deletion?.requestedAt ?? simulation.agenda.now();
  pod.deletion = { requestedAt, graceSeconds, hasEnded: pod.deletion?.hasEnded ?? false };
  // Grace 0 removes the object whatever the kubelet and the webhooks think of it.
  if (graceSeconds === 0) removeUnlessFinalized(simulation, pod);
  else bookEnd(simulation, pod);
}

/** The instant by which the pod must be gone; null when nobody asked it to go. */
export function deletionDeadline({ deletion }: PodState): number | null {
  return deletion === null ? null : deletion.requestedAt + deletion.graceSeconds * 1000;
}

function bookEnd(simulation: Simulation, pod: PodState): void {
  if (pod.template.shutdown === "stuck") return;
  const deadline = deletionDeadline(pod) ?? 0;
  const waitMs = pod.template.shutdown === "fast" ? 0 : Math.max(0, deadline - simulation.agenda.now());
  simulation.agenda.after(waitMs, () => end(simulation, pod));
}

function end(simulation: Simulation, pod: PodState): void {
  const deadline = deletionDeadline(pod);
  if (!isCurrent(simulation, pod) || pod.deletion === null || deadline === null) return;
  // A dead kubelet confirms nothing (safe-cycle 53); when it comes back it is told again.
  if (nodeOf(simulation, pod)?.ready === "Unknown") return;
  pod.deletion = { ...pod.deletion, hasEnded: true };
  pod.isReady = false;
  confirmEnd(simulation, pod);
}

/** The kubelet's last DELETE: held up by pods/DELETE webhooks and by finalizers (safe-cycle 34, 50). Calling twice is safe. */
export function confirmEnd(simulation: Simulation, pod: PodState): void {
  if (pod.deletion?.hasEnded !== true || simulation.state.brokenWebhooks.has("delete")) return;
  removeUnlessFinalized(simulation, pod);
}

/** Tells a node's kubelet once more about its terminating pods, after it or a webhook came back. */
export function retryEnds(simulation: Simulation): void {
  for (const pod of [...simulation.state.pods.values()]) {
    if (pod.deletion?.hasEnded === true) confirmEnd(simulation, pod);
    else if (pod.deletion !== null && pod.nodeName !== null) bookEnd(simulation, pod);
  }
}

/** Removes the object, or keeps it terminating as long as it has finalizers. */
export function removeUnlessFinalized({ state, agenda }: Simulation, pod: PodState): void {
  if (pod.finalizers.length === 0) {
    state.pods.delete(objectKey(pod));
    return;
  }
  pod.deletion ??= { requestedAt: agenda.now(), graceSeconds: 0, hasEnded: true };
  pod.deletion = { ...pod.deletion, hasEnded: true };
  pod.isReady = false;
}

function nodeOf({ state }: Simulation, pod: PodState): NodeState | undefined {
  return pod.nodeName === null ? undefined : state.nodes.get(pod.nodeName);
}

/** False when the pod is gone or its name now belongs to another one. */
function isCurrent({ state }: Simulation, pod: PodState): boolean {
  return state.pods.get(objectKey(pod)) === pod;
}

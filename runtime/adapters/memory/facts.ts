import type { BudgetFacts, NodeFacts, PodFacts, ScalableOwner } from "../../ports/index.js";
import type { BudgetState, NodeState, PodState, WorkloadState } from "./cluster-state.js";
import { isFargateNode } from "./daemon-controller.js";
import { deletionDeadline, isMirrorPod } from "./kubelet.js";
import { effectiveTaints } from "./scheduler.js";

const FARGATE_PROFILE_LABEL = "eks.amazonaws.com/fargate-profile";

/** A node as the port tells it. */
export function nodeFacts(node: NodeState): NodeFacts {
  return {
    name: node.name,
    uid: node.uid,
    instanceId: node.instanceId,
    isUnschedulable: node.isUnschedulable,
    ready: node.ready,
    labels: Object.fromEntries(node.labels),
    taints: effectiveTaints(node),
    allocatable: { cpu: "4", memory: "16Gi", pods: String(node.podCapacity) },
    createdAt: node.createdAt,
    isFargate: isFargateNode(node),
  };
}

/** A bound pod as the port tells it. */
export function podFacts(pod: PodState, nodeName: string): PodFacts {
  const { template } = pod;
  return {
    namespace: pod.namespace,
    name: pod.name,
    uid: pod.uid,
    nodeName,
    phase: pod.phase,
    isReady: pod.isReady,
    deletionAt: deletionDeadline(pod),
    graceSeconds: template.graceSeconds,
    controller: pod.controller,
    isMirror: isMirrorPod(pod),
    isFargate: FARGATE_PROFILE_LABEL in template.labels,
    labels: template.labels,
    annotations: template.annotations,
    finalizers: pod.finalizers,
    hasEmptyDir: template.emptyDir,
    hasHostPath: template.hostPath,
    claims: template.claims,
    priority: template.priority,
    priorityClassName: template.priorityClassName,
    startedAt: pod.startedAt,
    toleratesEverything: template.toleratesEverything,
  };
}

/** A budget as the port tells it. */
export function budgetFacts(budget: BudgetState): BudgetFacts {
  return {
    namespace: budget.namespace,
    name: budget.name,
    selector: budget.spec.selector,
    disruptionsAllowed: budget.disruptionsAllowed,
    currentHealthy: budget.currentHealthy,
    desiredHealthy: budget.desiredHealthy,
    expectedPods: budget.expectedPods,
    isStale: budget.observedGeneration < budget.generation,
    unhealthyPodEvictionPolicy: budget.spec.unhealthyPodEvictionPolicy,
  };
}

/** A workload as the port tells it; undefined for what has no scale. */
export function ownerFacts({ kind, namespace, name, uid, replicas }: WorkloadState): ScalableOwner | undefined {
  return kind === "DaemonSet" ? undefined : { kind, namespace, name, uid, replicas };
}

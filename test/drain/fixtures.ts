import type { BudgetFacts, NodeFacts, PodFacts } from "../../runtime/ports/index.js";
import { drainSettingsSchema, type DrainSettings } from "../../runtime/drain/settings.js";

/** Settings with every default, as config would give them. */
export function settings(given: Partial<DrainSettings> = {}): DrainSettings {
  return drainSettingsSchema.parse(given);
}

/** A Ready, schedulable node. */
export function node(name: string, given: Partial<NodeFacts> = {}): NodeFacts {
  return {
    name,
    uid: `uid-${name}`,
    instanceId: `i-${name}`,
    isUnschedulable: false,
    ready: "True",
    labels: {},
    taints: [],
    allocatable: {},
    createdAt: 0,
    isFargate: false,
    ...given,
  };
}

/** A running pod of a ReplicaSet named like its `app` label, which is its name up to the last dash. */
export function pod(name: string, nodeName: string, given: Partial<PodFacts> = {}): PodFacts {
  const app = name.replace(/-[^-]*$/, "");
  return {
    namespace: "shop",
    name,
    uid: `uid-${name}`,
    nodeName,
    phase: "Running",
    isReady: true,
    deletionAt: null,
    graceSeconds: 1,
    controller: { apiVersion: "apps/v1", kind: "ReplicaSet", name: app, uid: `rs-${app}` },
    isMirror: false,
    isFargate: false,
    labels: { app },
    annotations: {},
    finalizers: [],
    hasEmptyDir: false,
    hasHostPath: false,
    claims: [],
    priority: 0,
    priorityClassName: "",
    startedAt: 0,
    toleratesEverything: false,
    ...given,
  };
}

/** A pod of the DaemonSet `name` stands for. */
export function daemonPod(name: string, nodeName: string, given: Partial<PodFacts> = {}): PodFacts {
  const daemonSet = name.replace(/-[^-]*$/, "");
  return pod(name, nodeName, {
    controller: { apiVersion: "apps/v1", kind: "DaemonSet", name: daemonSet, uid: `ds-${daemonSet}` },
    ...given,
  });
}

/** A budget over the pods labelled `app`; what it allows the fake cluster works out. */
export function budget(app: string, desiredHealthy: number, given: Partial<BudgetFacts> = {}): BudgetFacts {
  return {
    namespace: "shop",
    name: app,
    selector: { matchLabels: { app }, matchExpressions: [] },
    disruptionsAllowed: 0,
    currentHealthy: 0,
    desiredHealthy,
    expectedPods: 0,
    isStale: false,
    unhealthyPodEvictionPolicy: "IfHealthyBudget",
    ...given,
  };
}

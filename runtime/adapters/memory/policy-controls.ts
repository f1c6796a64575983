import type { LabelSelector } from "../../ports/index.js";
import { putBudget } from "./budgets.js";
import type { BudgetState, NodeState, Simulation, WebhookTarget } from "./cluster-state.js";
import { objectKey } from "./cluster-state.js";
import { retryEnds } from "./kubelet.js";
import type { NewNode } from "./nodes.js";
import { addNode, removeNode, setNodeReady } from "./nodes.js";
import type { ObjectName } from "./workload-controls.js";

/** A disruption budget with one of the two bounds, in pods or as "50%". */
interface BudgetSpec extends ObjectName {
  /** Default: the pods that carry `app: <name>`. Null matches nothing. */
  readonly selector?: LabelSelector | null;
  readonly minAvailable?: number | string;
  readonly maxUnavailable?: number | string;
  /** Default IfHealthyBudget, as on the server. */
  readonly unhealthyPodEvictionPolicy?: "IfHealthyBudget" | "AlwaysAllow";
}

/** What people do to nodes, budgets and webhooks. Everything takes effect at the clock's now. */
export interface PolicyControls {
  /** A node that belongs to no group. */
  addNode(node: NewNode): void;
  /** The node vanishes, and its pods with it. */
  removeNode(name: string): void;
  setNodeReady(name: string, ready: NodeState["ready"]): void;
  /** A person cordons or uncordons a node, past the port and the journal. */
  cordonByHand(name: string, unschedulable: boolean): void;
  /** Creates a budget or edits its spec. */
  putBudget(budget: BudgetSpec): void;
  removeBudget(target: ObjectName): void;
  /** The disruption controller goes down: new and edited budgets stay stale (safe-cycle 31). */
  pauseBudgetController(): void;
  resumeBudgetController(): void;
  /** A fail-closed webhook without a backend stands before this call (safe-cycle 34). */
  breakWebhook(target: WebhookTarget): void;
  mendWebhook(target: WebhookTarget): void;
  /** A budget's status now; undefined when there is none. `lowestHealthy` is the fewest seen so far. */
  budget(target: ObjectName): Readonly<BudgetState> | undefined;
  /** Pods that vanished together with a node, daemons and mirrors excepted: what a good drain leaves empty. */
  killedPods(): Simulation["state"]["killedPods"];
}

/** The controls over `simulation`; `change` performs an effect now and lets the controllers react. */
export function createPolicyControls(simulation: Simulation, change: <T>(effect: () => T) => T): PolicyControls {
  const { state } = simulation;
  return {
    addNode: (node) => change(() => addNode(simulation, node)),
    removeNode: (name) => change(() => removeNode(simulation, name)),
    setNodeReady: (name, ready) => change(() => setNodeReady(simulation, name, ready)),
    cordonByHand: (name, unschedulable) =>
      change(() => {
        const node = state.nodes.get(name);
        if (node !== undefined) node.isUnschedulable = unschedulable;
      }),
    putBudget: ({ name, namespace = "default", selector, unhealthyPodEvictionPolicy = "IfHealthyBudget", ...bounds }) =>
      change(() => {
        const rule = {
          ...bounds,
          unhealthyPodEvictionPolicy,
          selector: selector === undefined ? appSelector(name) : selector,
        };
        putBudget(state, { namespace, name, spec: rule });
      }),
    removeBudget: ({ name, namespace = "default" }) =>
      void change(() => state.budgets.delete(objectKey({ namespace, name }))),
    pauseBudgetController: () => change(() => void (state.areBudgetsWatched = false)),
    resumeBudgetController: () => change(() => void (state.areBudgetsWatched = true)),
    breakWebhook: (target) => void change(() => state.brokenWebhooks.add(target)),
    mendWebhook: (target) =>
      change(() => {
        state.brokenWebhooks.delete(target);
        retryEnds(simulation);
      }),
    budget: ({ name, namespace = "default" }) =>
      change(() => copyOf(state.budgets.get(objectKey({ namespace, name })))),
    killedPods: () => change(() => [...state.killedPods]),
  };
}

function copyOf(budget: BudgetState | undefined): BudgetState | undefined {
  return budget && { ...budget };
}

function appSelector(app: string): LabelSelector {
  return { matchLabels: { app }, matchExpressions: [] };
}

import { type CoreV1Api, PatchStrategy, setHeaderOptions, type V1Node } from "@kubernetes/client-node";
import { LOAD_BALANCER_EXCLUSION_LABEL, type Kubernetes, type NodeChange, type NodeFacts } from "../../ports/index.js";
import { orNull, type Ask } from "./ask.js";
import { listPages, PAGE_SIZE } from "./list-pages.js";
import { readNodeFacts } from "./node-facts.js";

/** Says who set the label, to people who find it. */
const EXCLUSION_VALUE = "curfew";

/** The nodes' share of the port. */
export function createNodes(core: CoreV1Api, ask: Ask): Pick<Kubernetes, "listNodes" | "patchNode"> {
  /** As last seen by this adapter: what a node has already is not asked for again, at no extra read (safe-cycle 17). */
  const lastSeen = new Map<string, NodeFacts>();

  async function listNodes(): Promise<readonly NodeFacts[]> {
    const nodes = await listPages((token) =>
      ask({ verb: "list", resource: "nodes" }, () =>
        core.listNode({ limit: PAGE_SIZE, ...(token && { _continue: token }) }),
      ),
    );
    lastSeen.clear();
    return nodes.map(remember);
  }

  async function patchNode(name: string, change: NodeChange): Promise<"changed" | "gone"> {
    const seen = lastSeen.get(name);
    if (seen && hasAlready(seen, change)) return "changed";
    const patched = await orNull(
      ask({ verb: "patch", resource: "nodes" }, () =>
        core.patchNode(
          { name, body: nodePatch(change) },
          setHeaderOptions("Content-Type", PatchStrategy.StrategicMergePatch),
        ),
      ),
    );
    if (patched) remember(patched);
    else lastSeen.delete(name);
    return patched ? "changed" : "gone";
  }

  function remember(node: V1Node): NodeFacts {
    const facts = readNodeFacts(node);
    lastSeen.set(facts.name, facts);
    return facts;
  }

  return { listNodes, patchNode };
}

function hasAlready({ isUnschedulable, labels }: NodeFacts, change: NodeChange): boolean {
  const isExcluded = LOAD_BALANCER_EXCLUSION_LABEL in labels;
  return (
    (change.unschedulable ?? isUnschedulable) === isUnschedulable &&
    (change.excludeFromLoadBalancers ?? isExcluded) === isExcluded
  );
}

/** Names the changed fields only, so that it cannot undo what someone else did meanwhile. */
function nodePatch({ unschedulable, excludeFromLoadBalancers }: NodeChange): object {
  return {
    ...(unschedulable !== undefined && { spec: { unschedulable } }),
    ...(excludeFromLoadBalancers !== undefined && {
      metadata: { labels: { [LOAD_BALANCER_EXCLUSION_LABEL]: excludeFromLoadBalancers ? EXCLUSION_VALUE : null } },
    }),
  };
}

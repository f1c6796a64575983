import { cleaningPatch, type LeftTaint } from "../../cycle/index.js";
import type { ResourceType } from "../../ports/index.js";
import type { StepContext } from "../context.js";

const NODES: ResourceType = { group: "", versions: ["v1"], plural: "nodes", kind: "Node", isNamespaced: false };

/** How often a node that changes under our hands is read again. */
const ATTEMPTS = 3;

/**
 * Takes off what a stopped autoscaler left on nodes, from exactly the nodes that it left it on; those that are gone need
 * nothing (safe-cycle W17, S33). Best effort: what could not be cleaned is named and kept for the next run. Repeating it is safe.
 */
export async function cleanLeftTaints(context: StepContext): Promise<void> {
  const { session, notes } = context;
  if (!session.hasCycle()) return;
  const left: LeftTaint[] = [];
  for (const one of session.journal().leftTaints) {
    if (!(await cleanNode(one, context))) left.push(one);
    await session.heartbeat();
  }
  if (left.length > 0)
    notes.warnings.push(`Still tainted by the cluster autoscaler: ${left.map(({ node }) => node).join(", ")}.`);
  await session.update((journal) => (journal.leftTaints.length === 0 ? journal : { ...journal, leftTaints: left }));
}

async function cleanNode(left: LeftTaint, { kubernetes: { objects } }: StepContext): Promise<boolean> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const node = await objects.read(NODES, { namespace: null, name: left.node });
    const operations = node === null ? [] : cleaningPatch(node, left);
    if (operations.length === 0) return true;
    const ref = { type: NODES, namespace: null, name: left.node, uid: left.uid };
    const answer = await objects.patch(ref, operations);
    if (answer.kind === "patched" || answer.kind === "gone") return true;
    if (answer.kind !== "changed") return false;
  }
  return false;
}

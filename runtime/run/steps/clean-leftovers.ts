import { PODS, VOLUME_ATTACHMENTS } from "../../cycle/index.js";
import type { NodeFacts, ResourceType } from "../../ports/index.js";
import type { StepContext, StepOutcome } from "../context.js";
import { lostOvernight } from "./lost-overnight.js";
import { isOnGoneNode, nodeNameOf } from "./remains.js";
import { readStates } from "./survivors.js";
import { startSweep, type Sweep } from "./sweep.js";

const NODES: ResourceType = { group: "", versions: ["v1"], plural: "nodes", kind: "Node", isNamespaced: false };

/**
 * Removes what the night left in the API server (safe-cycle W27): Nodes whose instance EC2 shows terminated, failed pods of
 * nodes that are gone, attachments of volumes to nodes whose instance is proven terminated. The cluster's own controllers
 * do all of it in time; until they have, a volume cannot attach where its pod is now. Best effort: what is refused is
 * said in a warning and never stops a wake. Calling twice is safe.
 */
export async function cleanLeftoversStep(context: StepContext): Promise<StepOutcome> {
  const sweep = startSweep(context);
  const nodes = await context.kubernetes.listNodes();
  if (context.snapshot) context.notes.drift.push(...lostOvernight(context.snapshot, nodes));
  const ended = await findEndedNodes(nodes, context);
  for (const { name, uid } of ended)
    await sweep.ask("Node", () => context.kubernetes.objects.remove({ type: NODES, namespace: null, name, uid }));
  const gone = new Set(ended.map(({ name }) => name));
  const present = new Set(nodes.map(({ name }) => name).filter((name) => !gone.has(name)));
  await removeFailedPods(present, sweep, context);
  await removeAttachments({ present, proven: gone }, sweep, context);
  return { kind: "done", detail: sweep.conclude() };
}

/** Not a Node that is silent: only one whose instance EC2 shows terminated. */
async function findEndedNodes(nodes: readonly NodeFacts[], context: StepContext): Promise<readonly NodeFacts[]> {
  const silent = nodes.filter(({ ready, isFargate }) => ready !== "True" && !isFargate);
  const states = await readStates(
    silent.flatMap(({ instanceId }) => instanceId ?? []),
    context,
  );
  return silent.filter(({ instanceId }) => instanceId !== null && states.get(instanceId) === "terminated");
}

async function removeFailedPods(present: ReadonlySet<string>, sweep: Sweep, context: StepContext): Promise<void> {
  const failed = await sweep.list(PODS, { fieldSelector: "status.phase=Failed" });
  for (const pod of failed.filter((one) => isOnGoneNode(one, present))) {
    const { namespace = "", name, uid } = pod.metadata;
    await sweep.ask("pod", async () => {
      const answer = await context.kubernetes.deletePod({ namespace, name, uid }, 1);
      return answer.kind === "transient" ? { kind: "refused", message: answer.message } : answer;
    });
  }
}

interface NodeProof {
  readonly present: ReadonlySet<string>;
  /** Nodes whose instance EC2 has shown terminated. */
  readonly proven: ReadonlySet<string>;
}

/**
 * An attachment alone does not tell the instance: its node does, as long as this run has seen it, or by its name where
 * nodes are named for instances. Without proof it stays: the instance might run and write on.
 */
async function removeAttachments({ present, proven }: NodeProof, sweep: Sweep, context: StepContext): Promise<void> {
  const left = (await sweep.list(VOLUME_ATTACHMENTS)).filter(
    (one) => one.metadata.deletionTimestamp === undefined && isOnGoneNode(one, present),
  );
  if (left.length === 0) return;
  const instances = new Map(left.map((one) => [one, instanceOf(nodeNameOf(one) ?? "", context)]));
  const asked = [...new Set([...instances.values()].filter((id) => id !== null))];
  const states = await readStates(asked, context);
  for (const attachment of left) {
    const id = instances.get(attachment) ?? "";
    if (!proven.has(nodeNameOf(attachment) ?? "") && states.get(id) !== "terminated") sweep.leave(attachment);
    else {
      const { name, uid } = attachment.metadata;
      const ref = { type: VOLUME_ATTACHMENTS, namespace: null, name, uid };
      await sweep.ask("volume attachment", () => context.kubernetes.objects.remove(ref));
    }
  }
}

/** EKS may name nodes for their instances: `i-0123….eu-west-1.compute.internal`. */
function instanceOf(nodeName: string, { observation }: StepContext): string | null {
  const seen = observation.nodes.find(({ name }) => name === nodeName);
  return seen?.instanceId ?? /^(i-[0-9a-f]{8,17})(?:\.|$)/.exec(nodeName)?.[1] ?? null;
}

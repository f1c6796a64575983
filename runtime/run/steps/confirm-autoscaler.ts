import { DEPLOYMENTS, findLeftTaints, noteLeftTaints, readAutoscaler, savedAmendments } from "../../cycle/index.js";
import type { StepContext, StepOutcome } from "../context.js";
import { awaitAutoscalersAtRest } from "./autoscaler-rest.js";

/**
 * Proves that the autoscalers are paused, then notes what they left on nodes when they were stopped (safe-cycle H8, H9).
 * Repeating it is safe.
 */
export async function confirmAutoscaler(context: StepContext): Promise<StepOutcome> {
  const outcome = await awaitAutoscalersAtRest(context, null);
  if (outcome.kind === "done") await noteWhatWasLeft(context);
  return outcome;
}

async function noteWhatWasLeft(context: StepContext): Promise<void> {
  const { session, kubernetes } = context;
  const nodes = await kubernetes.listNodes();
  // Nearly always there is nothing, and then nobody need be asked how it works.
  if (findLeftTaints(nodes, false).length === 0) return;
  const found = findLeftTaints(nodes, await cordonsNodes(context));
  await session.update((journal) => noteLeftTaints(journal, found));
}

async function cordonsNodes({ session, kubernetes }: StepContext): Promise<boolean> {
  for (const amendment of savedAmendments(session.journal(), "autoscaler")) {
    const live = await kubernetes.objects.read(DEPLOYMENTS, amendment);
    if (live !== null && readAutoscaler(live)?.cordonsNodes) return true;
  }
  return false;
}

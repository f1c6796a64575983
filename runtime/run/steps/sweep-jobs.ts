import { JOBS, PODS } from "../../cycle/index.js";
import type { ApiObject } from "../../ports/index.js";
import type { StepContext, StepOutcome } from "../context.js";

/**
 * Counts Pending pods of Jobs that were made while the cluster slept, before there are nodes to start them; deletes them
 * only where settings say so (safe-cycle W22). Pods of Jobs from before the night are work that was interrupted, and stay.
 * Best effort: what cannot be seen is not counted. Repeating it is safe.
 */
export async function sweepJobsStep(context: StepContext): Promise<StepOutcome> {
  const { settings, notes } = context;
  const piled = await findPiledUp(context);
  if (piled.length === 0) return { kind: "done", detail: "none" };
  const deleted = settings.jobs.deletePiledUpPods ? await deleteAll(piled, context) : 0;
  const fate = deleted > 0 ? `${deleted} were deleted` : "they start now";
  notes.warnings.push(`${piled.length} Job pod(s) piled up while the cluster slept: ${fate}.`);
  return { kind: "done", detail: `${piled.length} pod(s)` };
}

async function findPiledUp({ kubernetes: { objects }, snapshot }: StepContext): Promise<readonly ApiObject[]> {
  if (snapshot === null) return [];
  const pods = await objects.list(PODS, { fieldSelector: "status.phase=Pending" });
  const pending = pods.kind === "listed" ? pods.items.filter((pod) => jobUid(pod) !== undefined) : [];
  if (pending.length === 0) return [];
  const jobs = await objects.list(JOBS);
  if (jobs.kind !== "listed") return [];
  const fresh = jobs.items.filter(({ metadata }) => Date.parse(metadata.creationTimestamp ?? "") > snapshot.savedAt);
  const uids = new Set<string | undefined>(fresh.map(({ metadata }) => metadata.uid));
  return pending.filter((pod) => uids.has(jobUid(pod)));
}

function jobUid({ metadata }: ApiObject): string | undefined {
  return metadata.ownerReferences?.find(({ kind, controller }) => kind === "Job" && controller === true)?.uid;
}

async function deleteAll(pods: readonly ApiObject[], context: StepContext): Promise<number> {
  const { session, kubernetes, notes } = context;
  let deleted = 0;
  for (const { metadata } of pods) {
    const { namespace = null, name, uid } = metadata;
    const answer = await kubernetes.objects.remove({ type: PODS, namespace, name, uid });
    if (answer.kind === "accepted") deleted += 1;
    if (answer.kind === "forbidden" || answer.kind === "refused") {
      notes.warnings.push(`Piled-up Job pods are not deleted: ${answer.message}`);
      break;
    }
    await session.heartbeat();
  }
  return deleted;
}

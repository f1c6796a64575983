import { DAEMON_SETS, editObject, REPLICA_SETS, type FailedCreate } from "../../cycle/index.js";
import type { StepContext } from "../context.js";

/** Annotation whose change makes a controller look at its object at once. Its value is when. */
const KICKED = "curfew.dev/kicked-at";
const KICKABLE = [REPLICA_SETS, DAEMON_SETS];
/** So many at most per round: each is a read and a patch. */
const MOST = 20;

/**
 * After long webhook failures a controller waits up to 16 minutes before it tries again; a harmless annotation on its object
 * makes it try now (safe-cycle W12). Only those that said they failed. Best effort, since they would come by themselves;
 * calling twice is safe.
 */
export async function kickControllers(
  failed: readonly FailedCreate[],
  { kubernetes, clock }: StepContext,
): Promise<void> {
  const { objects } = kubernetes;
  for (const { kind, namespace, name } of failed.slice(0, MOST)) {
    const type = KICKABLE.find((each) => each.kind === kind);
    const live = type && (await objects.read(type, { namespace, name }));
    if (!live) continue;
    const editor = editObject(live);
    editor.set(["metadata", "annotations", KICKED], new Date(clock.now()).toISOString());
    await objects.patch({ type, namespace, name, uid: live.metadata.uid }, editor.operations());
  }
}

import { savedAmendments, saysPaused, SCALED_OBJECTS } from "../../cycle/index.js";
import type { StepContext, StepOutcome } from "../context.js";
import { waitOptions, waitUntil } from "../poll.js";

/** KEDA follows an annotation within a second or two; if it takes longer, its operator is in trouble of its own. */
const PATIENCE_SECONDS = 30;

/**
 * Waits until KEDA itself says that the scalers are paused, while its operator still has a node (safe-cycle H19). One
 * that does not follow is named and not waited for longer: its HPA finds no pods to scale. Changes nothing.
 */
export async function confirmKeda(context: StepContext): Promise<StepOutcome> {
  const { session, kubernetes, notes } = context;
  const due = new Set(
    savedAmendments(session.journal(), "keda")
      .filter(({ type }) => type.plural === SCALED_OBJECTS.plural)
      .map(({ uid }) => uid),
  );
  if (due.size === 0) return { kind: "done" };
  let slow: readonly string[] = [];
  const end = await waitUntil(
    async () => {
      const answer = await kubernetes.objects.list(SCALED_OBJECTS);
      const live = answer.kind === "listed" ? answer.items : [];
      slow = live
        .filter((scaler) => due.has(scaler.metadata.uid) && !saysPaused(scaler))
        .map(({ metadata: { namespace, name } }) => `${namespace ?? ""}/${name}`);
      return slow.length === 0;
    },
    waitOptions(context, PATIENCE_SECONDS),
  );
  if (end === "yielded" || end === "cancelled") return { kind: end };
  if (end === "timed-out") notes.warnings.push(`KEDA has not confirmed the pause of ${slow.join(", ")}.`);
  return { kind: "done" };
}

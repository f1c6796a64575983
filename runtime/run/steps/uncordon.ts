import { uncordon } from "../../drain/index.js";
import type { StepContext, StepOutcome } from "../context.js";

/** Uncordons the nodes that Curfew cordoned and that still exist, and no others (safe-cycle 18, W17). Calling twice is safe. */
export async function uncordonStep(context: StepContext): Promise<StepOutcome> {
  const { session, snapshot, observation } = context;
  const names = session.hasCycle() ? session.journal().cordonedByUs : [];
  const left = await uncordonOurs(context);
  if (left.length > 0) context.notes.warnings.push(`Still cordoned, by Curfew: ${left.join(", ")}.`);
  const gone = lostCordons(snapshot?.cordonedNodes ?? [], observation.nodes.map((node) => node.name));
  if (gone.length > 0) {
    context.notes.drift.push(`Cordoned by somebody before the sleep, replaced by new nodes that are not: ${gone.join(", ")}.`);
  }
  return { kind: "done", detail: `${names.length - left.length} node(s)` };
}

/** Best effort; gives back the names that could not be uncordoned. */
export async function uncordonOurs({ session, kubernetes }: StepContext): Promise<readonly string[]> {
  if (!session.hasCycle()) return [];
  const { cordonedByUs, excludedBefore } = session.journal();
  if (cordonedByUs.length === 0) return [];
  const existing = new Set((await kubernetes.listNodes()).map((node) => node.name));
  return uncordon(
    cordonedByUs.filter((name) => existing.has(name)),
    { kubernetes },
    { keepExcluded: new Set(excludedBefore) },
  );
}

function lostCordons(before: readonly string[], now: readonly string[]): readonly string[] {
  const present = new Set(now);
  return before.filter((name) => !present.has(name));
}

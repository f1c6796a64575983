import { uncordon } from "../../drain/index.js";
import type { StepContext, StepOutcome } from "../context.js";

/** Uncordons the nodes that Curfew cordoned and that still exist, and no others (safe-cycle 18, W17). Calling twice is safe. */
export async function uncordonStep(context: StepContext): Promise<StepOutcome> {
  const { snapshot, observation } = context;
  const { uncordoned, left } = await uncordonOurs(context);
  if (left.length > 0) context.notes.warnings.push(`Still cordoned, by Curfew: ${left.join(", ")}.`);
  const gone = lostCordons(
    snapshot?.cordonedNodes ?? [],
    observation.nodes.map((node) => node.name),
  );
  if (gone.length > 0) {
    context.notes.drift.push(
      `Cordoned by somebody before the sleep, replaced by new nodes that are not: ${gone.join(", ")}.`,
    );
  }
  return { kind: "done", detail: `${uncordoned} node(s)` };
}

/** Best effort. `left` are the nodes that could not be uncordoned; those that no longer exist count in neither. */
export async function uncordonOurs({
  session,
  kubernetes,
}: StepContext): Promise<{ uncordoned: number; left: readonly string[] }> {
  const { cordonedByUs, excludedBefore } = session.hasCycle()
    ? session.journal()
    : { cordonedByUs: [], excludedBefore: [] };
  if (cordonedByUs.length === 0) return { uncordoned: 0, left: [] };
  const existing = new Set((await kubernetes.listNodes()).map((node) => node.name));
  const names = cordonedByUs.filter((name) => existing.has(name));
  const left = await uncordon(names, { kubernetes }, { keepExcluded: new Set(excludedBefore) });
  return { uncordoned: names.length - left.length, left };
}

function lostCordons(before: readonly string[], now: readonly string[]): readonly string[] {
  const present = new Set(now);
  return before.filter((name) => !present.has(name));
}

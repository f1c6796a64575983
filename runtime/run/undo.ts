import { endAttempt, hasScaledDown } from "../cycle/index.js";
import { failureInfo } from "../ports/index.js";
import type { StepContext } from "./context.js";
import { restoreOwnersStep } from "./steps/restore-owners.js";
import { uncordonOurs } from "./steps/uncordon.js";

/**
 * After a hibernate that stopped: before any group was asked for size 0 everything is taken back (safe-cycle H35, 68);
 * from then on nothing is, and the next run goes forward. Best effort: what is left is named in the warnings.
 * Either way the snapshot stays.
 */
export async function undoHibernate(context: StepContext): Promise<"undone" | "left"> {
  const { session, notes } = context;
  if (hasScaledDown(session.journal())) {
    notes.warnings.push("Some groups were asked to go to zero already: the next run goes forward from here.");
    await session.update((journal) => endAttempt(journal));
    return "left";
  }
  const isClean = await takeBack(context);
  await session.update((journal) =>
    endAttempt(
      isClean ? { ...journal, cordonedByUs: [], excludedBefore: [] } : journal,
      isClean ? "undone" : "hibernating",
    ),
  );
  return isClean ? "undone" : "left";
}

async function takeBack(context: StepContext): Promise<boolean> {
  try {
    await restoreOwnersStep(context);
    const { left } = await uncordonOurs(context);
    if (left.length > 0)
      context.notes.warnings.push(`Could not uncordon ${left.join(", ")}: kubectl uncordon them, or wake the cluster.`);
    return left.length === 0;
  } catch (error) {
    const { message } = failureInfo(error);
    context.notes.warnings.push(`Could not take everything back: ${message} Run \`curfew wake\` to do so.`);
    return false;
  }
}

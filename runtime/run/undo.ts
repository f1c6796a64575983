import { endAttempt, hasScaledDown, PURPOSES } from "../cycle/index.js";
import { failureInfo, type FailureInfo } from "../ports/index.js";
import type { StepContext, StepOutcome } from "./context.js";
import { giveBackAmendments } from "./amend.js";
import { autoModeOnStep } from "./steps/auto-mode.js";
import { returnWebhooks } from "./steps/return-webhooks.js";
import { cleanLeftTaints } from "./steps/clean-taints.js";
import { restoreOwnersStep } from "./steps/restore-owners.js";
import { releaseScalingStep } from "./steps/scaling-processes.js";
import { uncordonOurs } from "./steps/uncordon.js";

/**
 * After a hibernate that stopped: before any group was asked for size 0 everything is taken back, unless settings say to
 * leave it for the next run (safe-cycle H35, 68); from then on nothing is, and the next run goes forward. Best effort: what
 * is left is named in the warnings, and so is which of the two was done. Either way the snapshot stays.
 */
export async function undoHibernate(context: StepContext): Promise<"undone" | "left"> {
  const { session, notes, settings } = context;
  const whyLeft = hasScaledDown(session.journal())
    ? "Some groups were asked to go to zero already: the next run goes forward from here."
    : settings.onStoppedHibernate === "leave"
      ? "Nothing was taken back, as settings say (onStoppedHibernate: leave): the next run goes forward from here."
      : null;
  if (whyLeft !== null) {
    notes.warnings.push(whyLeft);
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
  if (isClean) notes.warnings.push("Everything was taken back: the cluster is as it was before.");
  return isClean ? "undone" : "left";
}

async function takeBack(context: StepContext): Promise<boolean> {
  try {
    await restoreOwnersStep(context);
    const { left } = await uncordonOurs(context);
    await releaseScalingStep(context);
    await cleanLeftTaints(context);
    const failures = [...(await giveAllBack(context)), ...failureOf(await autoModeOnStep(context))];
    for (const { message } of failures) context.notes.warnings.push(message);
    if (left.length > 0)
      context.notes.warnings.push(`Could not uncordon ${left.join(", ")}: kubectl uncordon them, or wake the cluster.`);
    return left.length === 0 && failures.length === 0;
  } catch (error) {
    const { message } = failureInfo(error);
    context.notes.warnings.push(`Could not take everything back: ${message} Run \`curfew wake\` to do so.`);
    return false;
  }
}

function failureOf(outcome: StepOutcome): readonly FailureInfo[] {
  if (outcome.kind === "done") return [];
  if (outcome.kind === "stopped" || outcome.kind === "partial") return [outcome.failure];
  return [
    {
      code: "cancelled",
      message: "EKS Auto Mode's built-in pools were not switched on again: there was no time left.",
      remedy: "Run `curfew wake` to do so.",
    },
  ];
}

/** Webhooks first, as in a wake; one that fails does not hold back the others. */
async function giveAllBack(context: StepContext): Promise<readonly FailureInfo[]> {
  const failures: FailureInfo[] = [];
  for (const purpose of PURPOSES.toReversed()) {
    // Their backends may be on their way back: without one a webhook would refuse the very pods it needs (safe-cycle H35, W14).
    const { failure } =
      purpose === "webhooks"
        ? await returnWebhooks(context, { stableMs: 0, mayDefer: false })
        : await giveBackAmendments(purpose, context);
    if (failure) failures.push(failure);
  }
  return failures;
}

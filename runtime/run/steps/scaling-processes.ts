import { releaseProcesses } from "../../cycle/index.js";
import { isFailure } from "../../ports/index.js";
import type { StepContext, StepOutcome } from "../context.js";

/**
 * Suspends for the cycle what would change self-managed groups behind Curfew's back; what it suspends is in the journal
 * before (safe-cycle H30, H31). A role without the right is told and goes on: most nights nothing rebalances. Repeating it is safe.
 */
export async function holdScalingStep(context: StepContext): Promise<StepOutcome> {
  const { session, observation, capacity, notes } = context;
  const wanted = Object.entries(session.journal().suspendedProcesses);
  for (const [groupId, processes] of wanted) {
    const group = observation.groups.find(({ id }) => id === groupId);
    if (group === undefined) continue;
    try {
      await capacity.setScalingProcesses(group, processes, "suspend");
    } catch (error) {
      if (!isFailure(error) || error.code !== "permission-denied") throw error;
      await session.update((journal) => releaseProcesses(journal, groupId));
      notes.warnings.push(`${groupId}: ${processes.join(", ")} not suspended: ${error.message}`);
    }
    await session.heartbeat();
  }
  return { kind: "done", detail: `${wanted.length} group(s)` };
}

/** Resumes exactly what Curfew suspended; a group that is gone needs nothing. Repeating it is safe. */
export async function releaseScalingStep(context: StepContext): Promise<StepOutcome> {
  const { session, observation, capacity } = context;
  const held = session.hasCycle() ? Object.entries(session.journal().suspendedProcesses) : [];
  for (const [groupId, processes] of held) {
    const group = observation.groups.find(({ id }) => id === groupId);
    if (group) await capacity.setScalingProcesses(group, processes, "resume");
    await session.update((journal) => releaseProcesses(journal, groupId));
    await session.heartbeat();
  }
  return { kind: "done", detail: `${held.length} group(s)` };
}

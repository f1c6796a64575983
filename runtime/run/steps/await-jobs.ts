import { isRunning, jobNames, JOBS } from "../../cycle/index.js";
import type { ApiObject } from "../../ports/index.js";
import type { StepContext, StepOutcome } from "../context.js";
import { waitOptions, waitUntil } from "../poll.js";

/**
 * Waits until no Job runs any more, before anything is evicted (safe-cycle H21). The bound counts from the start of the
 * attempt, so a restarted run does not wait anew; what still runs then is named and evicted. Changes nothing.
 */
export async function awaitJobsStep(context: StepContext): Promise<StepOutcome> {
  const { kubernetes, session, settings, clock, notes } = context;
  const startedAt = session.journal().attempt?.startedAt ?? clock.now();
  const leftMs = startedAt + settings.jobs.waitTimeoutSeconds * 1000 - clock.now();
  let running: readonly ApiObject[] = [];
  const end = await waitUntil(
    async () => {
      const answer = await kubernetes.objects.list(JOBS);
      running = answer.kind === "listed" ? answer.items.filter(isRunning) : [];
      if (running.length > 0) context.tell(`waiting for ${running.length} Job(s)`, { jobs: running.length });
      return running.length === 0;
    },
    waitOptions(context, Math.max(0, leftMs) / 1000),
  );
  if (end === "yielded" || end === "cancelled") return { kind: end };
  if (end === "timed-out")
    notes.warnings.push(`Still running after the wait, so they start over from scratch: ${jobNames(running)}.`);
  return { kind: "done" };
}

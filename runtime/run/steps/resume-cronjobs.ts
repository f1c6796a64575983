import { CRON_JOBS, MANY, missedRuns, savedAmendments, type Amendment } from "../../cycle/index.js";
import { giveBackAmendments } from "../amend.js";
import type { StepContext, StepOutcome } from "../context.js";

/** A CronJob to be given back, with the runs it missed; null: unknown, so it may start one. */
interface Due {
  readonly amendment: Amendment;
  readonly missed: number | null;
}

/**
 * Gives CronJobs back, first those that have nothing to catch up. Those that missed a run start it at once, so they
 * follow one by one with a pause between them (safe-cycle W21). A run that ends in between goes on with the rest.
 */
export async function resumeCronJobs(context: StepContext): Promise<StepOutcome> {
  const { notes, budget, settings, clock, session } = context;
  const due = await judge(context);
  const late = due.filter(({ missed }) => missed !== 0);
  const waiting = new Set(late.map(({ amendment }) => amendment.id));
  const first = await giveBackAmendments("cronjobs", context, ({ id }) => !waiting.has(id));
  let { changed, failure } = first;
  for (const { amendment } of late) {
    if (budget.signal.aborted) return { kind: "cancelled" };
    if (budget.yieldAt !== null && clock.now() >= budget.yieldAt) return { kind: "yielded" };
    if (changed > 0) await clock.sleep(settings.cronjobs.staggerSeconds * 1000, budget.signal);
    const one = await giveBackAmendments("cronjobs", context, ({ id }) => id === amendment.id);
    changed += one.changed;
    failure ??= one.failure;
    await session.heartbeat();
  }
  if (failure) return { kind: "partial", failure };
  notes.warnings.push(...farBehind(late));
  return { kind: "done", detail: sentence(changed, late) };
}

async function judge({ session, kubernetes, clock }: StepContext): Promise<readonly Due[]> {
  const answer = await kubernetes.objects.list(CRON_JOBS);
  const live = new Map(answer.kind === "listed" ? answer.items.map((one) => [one.metadata.uid, one]) : []);
  return savedAmendments(session.journal(), "cronjobs").map((amendment) => {
    const cronJob = live.get(amendment.uid);
    return { amendment, missed: cronJob === undefined ? 0 : missedRuns(cronJob, clock.now()).count };
  });
}

function sentence(changed: number, late: readonly Due[]): string {
  return late.length === 0
    ? `${changed} object(s)`
    : `${changed} object(s); missed a run and start it now: ${names(late)}`;
}

function farBehind(late: readonly Due[]): readonly string[] {
  const many = late.filter(({ missed }) => missed !== null && missed > MANY);
  if (many.length === 0) return [];
  return [`Missed more than ${MANY} runs, of which only the last is made up for: ${names(many)}.`];
}

function names(due: readonly Due[]): string {
  const all = due.map(({ amendment: { namespace, name } }) => `${namespace ?? ""}/${name}`);
  return all.slice(0, 10).join(", ") + (all.length > 10 ? ` and ${all.length - 10} more` : "");
}

import * as z from "zod";

import type { ApiObject } from "../../ports/index.js";
import { amend } from "../amendment.js";
import { JOBS } from "../resource-types.js";
import type { Measure } from "./measure.js";

/**
 * Jobs that run when the drain begins (safe-cycle H21): evicted and started over, waited for, or suspended, as settings
 * say. Whichever it is, those that lose their work are named.
 */
export const JOBS_MEASURE: Measure = {
  purpose: "jobs",
  reads: [JOBS],
  plan(survey, { jobs: { policy } }) {
    const running = survey.of(JOBS).filter(isRunning);
    const amendments = policy === "suspend" ? running.flatMap((job) => suspend(job) ?? []) : [];
    return { amendments, notes: policy === "wait" ? [] : lossNotes(running, policy), refusal: null };
  },
};

const jobSchema = z.object({
  spec: z.object({
    suspend: z.boolean().nullish(),
    backoffLimit: z.number().default(6),
    podFailurePolicy: z
      .object({
        rules: z.array(
          z.object({
            action: z.string(),
            onPodConditions: z.array(z.object({ type: z.string() })).nullish(),
          }),
        ),
      })
      .nullish(),
  }),
  status: z
    .object({
      active: z.number().default(0),
      failed: z.number().default(0),
      conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]),
    })
    .prefault({}),
});

/** Whether a Job has pods now and is not finished. */
export function isRunning(job: ApiObject): boolean {
  const parsed = jobSchema.safeParse(job);
  if (!parsed.success) return false;
  const { spec, status } = parsed.data;
  const isFinished = status.conditions.some(
    ({ type, status: value }) => ["Complete", "Failed"].includes(type) && value === "True",
  );
  return status.active > 0 && spec.suspend !== true && !isFinished;
}

function suspend(job: ApiObject) {
  return amend(job, {
    purpose: "jobs",
    type: JOBS,
    path: ["spec", "suspend"],
    ours: true,
    reason: "its pods would be evicted and counted as failures",
  });
}

function lossNotes(running: readonly ApiObject[], policy: "evict" | "suspend"): readonly string[] {
  const atRisk = policy === "evict" ? running.filter(mayFailForGood) : [];
  return [
    ...sentence(running, "start over from scratch when the cluster wakes"),
    ...sentence(atRisk, "may fail for good: an eviction counts against their backoffLimit, which is nearly used up"),
  ];
}

function sentence(jobs: readonly ApiObject[], fate: string): readonly string[] {
  if (jobs.length === 0) return [];
  return [`${jobs.length} running Job(s) ${fate}: ${jobNames(jobs)}.`];
}

/** Up to five names, for a sentence. */
export function jobNames(jobs: readonly ApiObject[]): string {
  const names = jobs.map(({ metadata: { namespace, name } }) => `${namespace}/${name}`);
  return names.slice(0, 5).join(", ") + (names.length > 5 ? ` and ${names.length - 5} more` : "");
}

/** An evicted pod counts as failed unless the Job's policy ignores disruptions. */
function mayFailForGood(job: ApiObject): boolean {
  const parsed = jobSchema.safeParse(job);
  if (!parsed.success) return false;
  const { spec, status } = parsed.data;
  const isIgnored = spec.podFailurePolicy?.rules.some(
    ({ action, onPodConditions }) =>
      action === "Ignore" && onPodConditions?.some(({ type }) => type === "DisruptionTarget"),
  );
  return isIgnored !== true && status.failed + status.active > spec.backoffLimit;
}

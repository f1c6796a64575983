import { amend } from "../amendment.js";
import { CRON_JOBS } from "../resource-types.js";
import type { Measure } from "./measure.js";

/**
 * CronJobs, suspended: the control plane lives on while the cluster sleeps, so they would fire all night into nowhere
 * (safe-cycle H20). One that a person suspended stays so; deadlines are never touched.
 */
export const CRONJOBS: Measure = {
  purpose: "cronjobs",
  reads: [CRON_JOBS],
  plan(survey) {
    const amendments = survey.of(CRON_JOBS).flatMap(
      (cronJob) =>
        amend(cronJob, {
          purpose: "cronjobs",
          type: CRON_JOBS,
          path: ["spec", "suspend"],
          ours: true,
          reason: "its runs would pile up while there are no nodes",
        }) ?? [],
    );
    return { amendments, notes: [], refusal: null };
  },
};

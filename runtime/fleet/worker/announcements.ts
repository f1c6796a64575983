import type { Announcement } from "../../ports/index.js";
import type { RunReport } from "../../run/index.js";
import type { AfterRun } from "./after-run.js";
import { ATTEMPTS } from "./after-run.js";
import { isConverged } from "./after-run.js";

/** What people hear of. */
export interface AnnouncementOptions {
  /** A sleep or wake that went well; off unless asked for. */
  readonly success: boolean;
}

/** What a run is worth telling: a failure at its first and at its last attempt, warnings of a change that went through. Pure. */
export function runAnnouncements(
  report: RunReport,
  after: AfterRun,
  now: number,
  { success }: AnnouncementOptions,
): readonly Announcement[] {
  if (after.kind !== "settle" || after.settlement.lastCode === "cluster-excluded") return [];
  const tell = (kind: Announcement["kind"], message: string): Announcement => ({
    kind,
    clusterId: report.clusterId,
    at: now,
    message,
    data: {
      operationId: report.operationId,
      reportId: report.reportId,
      desired: report.desired,
      result: report.result,
      code: report.failure?.code ?? null,
      attempts: after.settlement.attempts,
    },
  });
  if (!isConverged(report)) {
    const { attempts } = after.settlement;
    return attempts === 1 || attempts === ATTEMPTS ? [tell("failure", report.summary)] : [];
  }
  if (report.result === "nothing-to-do") return [];
  return [
    ...report.warnings.map((warning) => tell("warning", `${report.clusterId}: ${warning}`)),
    ...(success ? [tell("success", report.summary)] : []),
  ];
}

/** A wake that an open circuit puts off is never put off in silence; told of the first of an account, for all of them. */
export function wakePutOff(clusterId: string, account: string, until: number, now: number): Announcement {
  const again = new Date(until).toISOString();
  return {
    kind: "warning",
    clusterId,
    at: now,
    message: `${clusterId} should wake, but account ${account} refuses or throttles everything: it and all that should wake there are put off, and tried again from ${again} on.`,
    data: { account, until },
  };
}

/** The circuit of an account opened or closed. */
export function circuitAnnouncements(
  account: string,
  { opened, closed }: { readonly opened: boolean; readonly closed: boolean },
  { failure }: Pick<RunReport, "failure">,
  now: number,
): readonly Announcement[] {
  const code = failure?.code ?? null;
  const tell = (kind: Announcement["kind"], message: string): Announcement => ({
    kind,
    clusterId: null,
    at: now,
    message,
    data: { account, code },
  });
  return [
    ...(opened ? [tell("circuit-open", `Account ${account} is left alone for now: ${failure?.message ?? ""}`)] : []),
    ...(closed ? [tell("circuit-closed", `Account ${account} is worked on again.`)] : []),
  ];
}

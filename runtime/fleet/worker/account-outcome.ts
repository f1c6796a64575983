import type { FailureCode } from "../../ports/index.js";
import type { RunReport } from "../../run/index.js";
import type { Outcome } from "../breaker/index.js";

/** The account itself refuses: every other cluster of it would fare the same. */
const AUTH: ReadonlySet<FailureCode> = new Set([
  "role-refused",
  "credentials-missing",
  "credentials-expired",
  "permission-denied",
]);

/** Ends that tell nothing of the account, because no call to it was made. */
const SILENT: ReadonlySet<FailureCode> = new Set(["lease-held", "cluster-excluded", "store-unavailable", "internal"]);

/** What a run says of the health of its account; null when it says nothing. Pure. */
export function accountOutcome({ failure }: Pick<RunReport, "failure">): Outcome | null {
  if (failure === null) return "ok";
  if (SILENT.has(failure.code)) return null;
  if (AUTH.has(failure.code)) return "auth";
  return failure.code === "throttled" ? "throttled" : "other";
}

/**
 * The one failure type at Curfew's edges. Every code is stable, listed in the README
 * (a test keeps both lists equal), and comes with a sentence that says what to do next.
 */
export const FAILURE_CODES = [
  "config-invalid",
  "cluster-unknown",
  "cluster-excluded",
  "cluster-not-found",
  "cluster-not-active",
  "credentials-missing",
  "credentials-expired",
  "role-refused",
  "permission-denied",
  "access-entry-missing",
  "rbac-denied",
  "config-map-only",
  "endpoint-unreachable",
  "throttled",
  "group-busy",
  "group-unhealthy",
  "group-stuck",
  "resize-failed",
  "nodes-not-ready",
  "pods-refused",
  "pause-failed",
  "autoscaler-active",
  "karpenter-stuck",
  "drain-blocked",
  "not-empty",
  "tier-not-ready",
  "webhooks-relaxed",
  "lease-held",
  "lease-lost",
  "snapshot-missing",
  "snapshot-unreadable",
  "snapshot-mismatch",
  "store-unavailable",
  "cancelled",
  "timed-out",
  "unavailable",
  "internal",
] as const;

/** A stable reason for a run, step or call that did not do what was asked. */
export type FailureCode = (typeof FAILURE_CODES)[number];

/** A failure as plain data: what reports, outputs and `--json` carry. */
export interface FailureInfo {
  readonly code: FailureCode;
  /** What happened, in one sentence for a person. */
  readonly message: string;
  /** What to do next, in one sentence; names the command or setting where there is one. */
  readonly remedy: string;
}

const NAME = "CurfewFailure";

/**
 * Thrown by adapters for answers that end a run. Recognise it with {@link isFailure}: bundles and
 * Pulumi's serialised providers duplicate classes, so `instanceof` lies.
 */
export class Failure extends Error implements FailureInfo {
  override readonly name = NAME;
  readonly code: FailureCode;
  readonly remedy: string;

  constructor(info: FailureInfo, options?: ErrorOptions) {
    super(info.message, options);
    this.code = info.code;
    this.remedy = info.remedy;
  }
}

/** Whether `error` is a {@link Failure}, whichever copy of the class made it. */
export function isFailure(error: unknown): error is Failure {
  return error instanceof Error && error.name === NAME && "code" in error && "remedy" in error;
}

/** Any thrown value as data. What is not a {@link Failure} becomes `internal`, with its own words kept. */
export function failureInfo(error: unknown): FailureInfo {
  if (isFailure(error)) return { code: error.code, message: error.message, remedy: error.remedy };
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: "internal",
    message,
    remedy: "This is a defect in Curfew: run again with CURFEW_DEBUG=1 and report what it prints.",
  };
}

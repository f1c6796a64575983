/** Every reason for which a deployment, or a part of it, did not do what was asked. Stable, and listed in the README. */
export const FAULT_CODES = [
  "config-invalid",
  "environment-unknown",
  "project-missing",
  "pulumi-missing",
  "pulumi-too-old",
  "not-logged-in",
  "backend-unreachable",
  "passphrase-wrong",
  "stack-locked",
  "cluster-held-twice",
  "policy-pack-unusable",
  "policy-violated",
  "approval-missing",
  "plan-outdated",
  "drift-found",
  "engine-died",
  "credentials-expired",
  "clusters-failed",
  "stack-failed",
  "first-stack-failed",
  "interrupted",
] as const;

export type FaultCode = (typeof FAULT_CODES)[number];

/** An expected failure as a value, in the shape of Curfew's other failures. */
export interface Fault {
  readonly code: FaultCode;
  /** What happened, for a person. */
  readonly message: string;
  /** What to do next. */
  readonly remedy: string;
}

/** A result, or why there is none. */
export type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault };

/** Makes a fault into an {@link Attempt} that did not succeed. */
export function refused(code: FaultCode, message: string, remedy: string): { ok: false; fault: Fault } {
  return { ok: false, fault: { code, message, remedy } };
}

const BAD_REQUESTS: ReadonlySet<FaultCode> = new Set(["config-invalid", "environment-unknown", "project-missing"]);

const BLOCKING: ReadonlySet<FaultCode> = new Set([
  "stack-locked",
  "cluster-held-twice",
  "policy-pack-unusable",
  "policy-violated",
  "approval-missing",
  "plan-outdated",
  "drift-found",
]);

/** How the process ends for a fault: bad usage or config, nothing was done on purpose, or it went wrong. */
export function endingOfFault({ code }: Fault): "badUsage" | "blocked" | "failed" {
  if (BAD_REQUESTS.has(code)) return "badUsage";
  return BLOCKING.has(code) ? "blocked" : "failed";
}

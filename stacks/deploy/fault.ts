/**
 * Every reason for which a deployment, or a part of it, did not do what was asked, and how the process ends for it: bad usage
 * or config, nothing was done on purpose, or it went wrong.
 */
const ENDINGS = {
  "config-invalid": "badUsage",
  "environment-unknown": "badUsage",
  "project-missing": "badUsage",
  "pulumi-missing": "failed",
  "pulumi-too-old": "failed",
  "not-logged-in": "failed",
  "backend-unreachable": "failed",
  "passphrase-wrong": "failed",
  "stack-locked": "blocked",
  "cluster-held-twice": "blocked",
  "policy-pack-unusable": "blocked",
  "policy-violated": "blocked",
  "approval-missing": "blocked",
  "plan-outdated": "blocked",
  "drift-found": "blocked",
  "engine-died": "failed",
  "credentials-expired": "failed",
  "clusters-failed": "failed",
  "stack-failed": "failed",
  "first-stack-failed": "failed",
  interrupted: "failed",
} as const;

export type FaultCode = keyof typeof ENDINGS;

/** All of them. Stable, and listed in the README. */
export const FAULT_CODES = Object.keys(ENDINGS) as readonly FaultCode[];

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

/** How the process ends for a fault. */
export const endingOfFault = ({ code }: Fault): "badUsage" | "blocked" | "failed" => ENDINGS[code];

import type { FailureInfo } from "../ports/index.js";

/** Every check, in the order in which it is told. */
export const CHECKS = [
  "access",
  "record",
  "iam",
  "rbac",
  "groups",
  "add-ons",
  "pods",
  "budgets",
  "webhooks",
  "autoscaler",
  "karpenter",
  "keda",
  "cronjobs",
  "jobs",
  "gitops",
  "addresses",
  "launch-templates",
  "quotas",
  "duration",
] as const;
/** The name of a check. */
export type CheckName = (typeof CHECKS)[number];

/** `blocked`: something keeps a hibernate or a wake from its end. `unknown`: it could not be looked at. */
export type CheckStatus = "ok" | "warning" | "blocked" | "unknown";

/** One thing that was found. */
export interface Finding {
  /** `ok`: good to know, and nothing to be done. */
  readonly status: CheckStatus;
  /** What it is, in a sentence for a person. */
  readonly what: string;
  /** What to do about it; null when there is nothing to do. */
  readonly remedy: string | null;
}

/** What one check came to: as bad as its worst finding. */
export interface Check {
  readonly check: CheckName;
  readonly status: CheckStatus;
  /** Worst first. */
  readonly findings: readonly Finding[];
}

const WORST_FIRST: readonly CheckStatus[] = ["blocked", "warning", "unknown", "ok"];

/** The worst of them; ok when there are none. */
export function worstOf(statuses: readonly CheckStatus[]): CheckStatus {
  return WORST_FIRST.find((status) => statuses.includes(status)) ?? "ok";
}

/** A check with these findings. Those of the same weight keep their order. */
export function checkOf(check: CheckName, findings: readonly Finding[]): Check {
  const weight = ({ status }: Finding) => WORST_FIRST.indexOf(status);
  return {
    check,
    status: worstOf(findings.map(({ status }) => status)),
    findings: findings.toSorted((a, b) => weight(a) - weight(b)),
  };
}

/** Keeps a hibernate or a wake from its end. */
export function blocked(what: string, remedy: string | null): Finding {
  return { status: "blocked", what, remedy };
}

/** Worth a person's look before the night. */
export function warning(what: string, remedy: string | null): Finding {
  return { status: "warning", what, remedy };
}

/** Could not be looked at. */
export function unknown({
  message,
  remedy,
}: Pick<FailureInfo, "message"> & { readonly remedy: string | null }): Finding {
  return { status: "unknown", what: message, remedy };
}

/** Good to know. */
export function note(what: string): Finding {
  return { status: "ok", what, remedy: null };
}

/** A failure that a run would end with. */
export function blocking({ message, remedy }: FailureInfo): Finding {
  return blocked(message, remedy);
}

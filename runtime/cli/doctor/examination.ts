import type { ClusterSpec } from "../../config/index.js";
import type { Check, CheckStatus } from "../../doctor/index.js";
import type { FailureInfo } from "../../ports/index.js";
import { EXIT, type ExitCode } from "../exit-codes.js";

/** One cluster of `curfew doctor --json`. */
export interface Examination {
  readonly cluster: string;
  readonly account: string;
  readonly region: string;
  /** Why nothing may touch it, so that nothing was asked of it either; null for the others. */
  readonly exclusion: string | null;
  /** The worst of all checks; null when there were none. */
  readonly verdict: CheckStatus | null;
  readonly checks: readonly Check[];
  /** Why it could not be looked at. */
  readonly failure: FailureInfo | null;
}

/** A cluster of which nothing is known yet. */
export function unexamined({ identity, exclusion }: ClusterSpec): Examination {
  const { name, account, region } = identity;
  const place = { cluster: name, account, region };
  return { ...place, exclusion: exclusion?.reason ?? null, verdict: null, checks: [], failure: null };
}

/** In one word: a verdict, `excluded` or `not looked at`. */
export function verdictWord({ verdict, exclusion, failure }: Examination): string {
  if (failure !== null) return "not looked at";
  return verdict ?? (exclusion === null ? "not looked at" : "excluded");
}

/** 1 when a cluster could not be looked at, else 3 when something is in the way of one, else 0: warnings stop nobody. */
export function exitCodeOfExaminations(examinations: readonly Examination[]): ExitCode {
  if (examinations.some(({ failure }) => failure !== null)) return EXIT.failed;
  return examinations.some(({ verdict }) => verdict === "blocked") ? EXIT.blocked : EXIT.done;
}

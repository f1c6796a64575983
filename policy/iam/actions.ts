import { matchesGlob } from "../../runtime/config/glob.js";

/** Verbs that change nothing. What IAM calls otherwise is taken for a change. */
const READS = /^(Describe|Get|List|BatchGet|Query|Scan|Search|Lookup|Simulate|Check|View|Filter)/;
/** Begins as a read does, and gives away what must not be given. */
const NO_READS: readonly string[] = ["sts:GetFederationToken", "sts:GetSessionToken"];

/** Whether an action of a policy may change something. Wildcards do, unless all that they cover reads. */
export function isWrite(action: string): boolean {
  const [, verb = ""] = action.split(":");
  return NO_READS.includes(action) || !READS.test(verb);
}

/** Whether an action stands for whole services, as `*` and `eks:*` do. */
export const isSweeping = (action: string): boolean => action === "*" || /^[^:]*:\*$/.test(action);

/** Whether one of the patterns covers an action. */
export const isCovered = (action: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => matchesGlob(pattern, action));

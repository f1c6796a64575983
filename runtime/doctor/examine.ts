import type { RunTarget } from "../run/index.js";
import { worstOf, type Check, type CheckStatus } from "./check.js";
import { runChecks } from "./checks/index.js";
import { readFacts, type DoctorPorts } from "./read-facts.js";

/** What a pre-flight came to; plain JSON data. */
export interface Diagnosis {
  /** The worst of all checks. */
  readonly verdict: CheckStatus;
  readonly checks: readonly Check[];
}

/**
 * The whole pre-flight of one cluster (safe-cycle H6), for a hibernate and the wake after it. Changes nothing, so calling it
 * at any time and any number of times is safe. Throws the adapters' `Failure`s when the cluster cannot be looked at at all.
 */
export async function examineCluster(target: RunTarget, ports: DoctorPorts): Promise<Diagnosis> {
  const checks = runChecks(await readFacts(target, ports));
  return { verdict: worstOf(checks.map(({ status }) => status)), checks };
}

import { decide } from "../../cycle/index.js";
import { describeWay, type FailureInfo } from "../../ports/index.js";
import { blocking, checkOf, note, unknown, type Check, type Finding } from "../check.js";
import type { Facts } from "../facts.js";

/** Faults of the moment: they say nothing about tonight. */
const PASSING = new Set<FailureInfo["code"]>(["throttled", "unavailable", "timed-out", "internal"]);

/** Whether a run gets into the cluster at all, and finds it in a state in which it changes anything (safe-cycle H6). */
export function checkAccess({ cluster, way, entry, exclusion, observation }: Facts): Check {
  const findings: Finding[] = [
    note(`EKS ${cluster.kubernetesVersion}, ${cluster.status}, ${cluster.authenticationMode}.`),
    note(describeWay(way)),
  ];
  if (exclusion !== null) findings.push(note(`Runs leave it alone. ${exclusion.message}`));
  if (entry !== null && !entry.code.startsWith("snapshot-"))
    findings.push(PASSING.has(entry.code) ? unknown(entry) : blocking(entry));
  if (observation.isKnown) {
    const decision = decide({ desired: "hibernated", origin: "person", minNodes: 0, forget: false }, observation.value);
    if (decision.action === "stop") findings.push(blocking(decision.failure));
    else findings.push(note(`A hibernate now: ${decision.reason}`));
  }
  return checkOf("access", findings);
}

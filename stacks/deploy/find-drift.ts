import type { Deployed } from "./deploy-environment.js";
import { faultOfDrift } from "./drift-fault.js";
import type { Environment } from "./environment.js";
import { faultOfUnseen } from "./failure-reason.js";
import type { Fault } from "./fault.js";
import { openEnvironment, type OpenShard } from "./open-environment.js";
import type { StackOutcome, StackResult } from "./outcome.js";
import { outcomeOf, runStacks } from "./run-stacks.js";
import type { Session } from "./session.js";

/** Looks at every real cluster (and the hub's parts) of an environment and says which are not as they were left. Changes nothing. */
export async function findDrift(environment: Environment, session: Session): Promise<Deployed> {
  const { name } = environment;
  const opened = await openEnvironment(environment, session);
  if (!opened.ok) return { result: { environment: name, stacks: [], fault: opened.fault, advice: [] }, environment };
  const open = opened.value;
  const shards = open.shards.filter(({ held }) => !held.isEmpty);
  session.reporter.environment(name, { stacks: shards.length, clusters: open.environment.clusters.length });
  const look = async ({ engine }: OpenShard): Promise<StackOutcome> => {
    const report = await engine.lookForDrift();
    const { fault, drift, changes, unseen } = report;
    if (fault !== undefined) return outcomeOf({ ...report, changes: [] }, "changed");
    const parts = changes.filter(({ cluster }) => cluster === null).map(({ kind, urn }) => `${urn}: ${kind}`);
    const words = [...drift, ...parts];
    // What drifted is told all the same: it does not wait until everything can be looked at.
    const blind = faultOfUnseen(unseen);
    if (blind !== undefined)
      return { kind: "failed", fault: { ...blind, message: [blind.message, ...words].join("\n") }, changes: [] };
    return words.length === 0 ? { kind: "unchanged" } : { kind: "drifted", words };
  };
  const stacks = await runStacks(shards, "drift", look, session);
  return { result: { environment: name, stacks, advice: [], ...verdictOn(environment, stacks) }, environment };
}

/** Drift blocks what comes after it; a stack that could not be looked at has a reason of its own. */
function verdictOn(environment: Environment, stacks: readonly StackResult[]): { readonly fault?: Fault } {
  const words = stacks.flatMap(({ outcome }) => (outcome.kind === "drifted" ? outcome.words : []));
  if (words.length === 0 || stacks.some(({ outcome }) => "fault" in outcome)) return {};
  return { fault: faultOfDrift(environment, words) };
}

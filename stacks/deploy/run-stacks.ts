import pLimit from "p-limit";

import type { EngineReport } from "./engine.js";
import type { Fault } from "./fault.js";
import { NOT_BEGUN } from "./interrupted.js";
import type { OpenEnvironment, OpenShard } from "./open-environment.js";
import type { StackOutcome, StackResult } from "./outcome.js";
import type { Session } from "./session.js";

/** What runs of stacks have in common. */
type Runner = Pick<Session, "parallel" | "reporter" | "stopping">;

/** One operation on one stack. */
export type Operation = (shard: OpenShard) => Promise<StackOutcome>;

/** Does `work` on stacks side by side, and tells when each begins and ends. Told to stop, it begins none that is left. */
export async function runStacks(
  shards: readonly OpenShard[],
  phase: string,
  work: Operation,
  { parallel, reporter, stopping }: Runner,
): Promise<readonly StackResult[]> {
  const atOnce = pLimit(parallel);
  const results = shards.map((shard) =>
    atOnce(async () => {
      if (stopping.aborted) return resultOf(shard, { kind: "skipped", fault: NOT_BEGUN });
      reporter.began(shard.stack, phase);
      const outcome = await work(shard);
      reporter.ended(shard.stack, phase, outcome.kind);
      return resultOf(shard, outcome);
    }),
  );
  return Promise.all(results);
}

/** The same, but the first stack on its own when it has the hub: before the others (`first`), or after them (`last`). */
export async function runAroundHub(
  shards: readonly OpenShard[],
  { hub, phase, work }: { readonly hub: "first" | "last"; readonly phase: string; readonly work: Operation },
  { environment }: Pick<OpenEnvironment, "environment">,
  session: Runner,
): Promise<readonly StackResult[]> {
  if (environment.fleet.hub === null) return runStacks(shards, phase, work, session);
  const withHub = shards.filter(({ number }) => number === 1);
  const others = shards.filter(({ number }) => number !== 1);
  const [early, late] = hub === "first" ? [withHub, others] : [others, withHub];
  const begun = await runStacks(early, phase, work, session);
  const broken = begun.find(({ outcome }) => outcome.kind === "failed");
  if (broken === undefined || session.stopping.aborted)
    return [...begun, ...(await runStacks(late, phase, work, session))];
  const why = hub === "first" ? `${broken.stack} has the hub` : `${broken.stack} still has clusters`;
  const fault: Fault = {
    code: "first-stack-failed",
    message: `Not begun: ${why}, and it failed.`,
    remedy: "Repair that stack, then run the same command again.",
  };
  return [...begun, ...late.map((shard) => resultOf(shard, { kind: "skipped", fault }))];
}

/** A stack's line in the summary. */
export function resultOf({ stack, clusters }: OpenShard, outcome: StackOutcome): StackResult {
  return { stack, clusters: clusters.length, outcome };
}

/** An operation's report as an outcome. */
export function outcomeOf({ fault, changes }: EngineReport, kind: "previewed" | "changed"): StackOutcome {
  if (fault === NOT_BEGUN) return { kind: "skipped", fault };
  if (fault !== undefined) return { kind: "failed", fault, changes };
  return changes.length === 0 ? { kind: "unchanged" } : { kind, changes };
}

import type { Deployed } from "./deploy-environment.js";
import type { Environment } from "./environment.js";
import type { Change } from "./engine-events.js";
import { openEnvironment, type OpenEnvironment, type OpenShard } from "./open-environment.js";
import type { StackOutcome, StackResult } from "./outcome.js";
import { runPulumi } from "./pulumi-cli.js";
import { outcomeOf, resultOf, runAroundHub } from "./run-stacks.js";
import type { Session } from "./session.js";

/**
 * Deletes everything of an environment: each schedule wakes its cluster before it goes, and the hub goes after the last
 * one. Further stacks are removed once they are empty; the environment's own stays, as after `pulumi destroy`.
 */
export async function destroyEnvironment(environment: Environment, session: Session): Promise<Deployed> {
  const { name } = environment;
  const opened = await openEnvironment(environment, session, { isComplete: false });
  if (!opened.ok) return { result: { environment: name, stacks: [], fault: opened.fault, advice: [] }, environment };
  const open = opened.value;
  const shards = open.shards.filter(({ isNew }) => !isNew);
  const held = shards.filter(({ held: { isBlank } }) => !isBlank);
  session.reporter.environment(name, { stacks: held.length, clusters: countOf(held) });
  const shown = held.map((shard) => resultOf(shard, { kind: "previewed", changes: deletionsOf(shard) }));
  const end = (stacks: readonly StackResult[]) => ({ environment: name, stacks, advice: leftAsleep(held) });
  if (held.length > 0) {
    const refusal = await session.approve(question(name, held));
    if (refusal !== undefined) return { result: { ...end(shown), fault: refusal }, environment };
  }
  const stacks = await runAroundHub(held, { hub: "last", phase: "destroy", work: destroy }, open, session);
  await removeEmpty(shards, stacks, open, session);
  return { result: end(stacks), environment };
}

const destroy = async ({ engine }: OpenShard): Promise<StackOutcome> => outcomeOf(await engine.destroy(), "changed");

/** Those that hold nothing now, the environment's own excepted. A stack that cannot be removed does no harm. */
async function removeEmpty(
  shards: readonly OpenShard[],
  stacks: readonly StackResult[],
  { environment }: OpenEnvironment,
  session: Session,
): Promise<void> {
  const full = new Set(stacks.filter(({ outcome }) => "fault" in outcome).map(({ stack }) => stack));
  for (const { stack, number, folder } of shards) {
    if (number === 1 || full.has(stack) || session.stopping.aborted) continue;
    const removed = await runPulumi(session.cli, ["stack", "rm", stack, "--yes"], folder);
    if (!removed.ok)
      session.reporter.note(environment.name, `${stack} is empty, but it stays: ${removed.fault.message}`);
  }
}

function deletionsOf({ held }: OpenShard): readonly Change[] {
  return held.clusters.map(({ id, urn }) => ({ kind: "delete", urn, cluster: id }));
}

function leftAsleep(shards: readonly OpenShard[]): readonly string[] {
  return shards
    .flatMap(({ held }) => held.clusters.filter(({ isLeft, state }) => isLeft && state !== "running"))
    .map(
      ({ id, state }) =>
        `${id} ${state === "hibernated" ? "sleeps" : "may sleep"} and will not be woken (onDelete: leave)`,
    );
}

function question(name: string, shards: readonly OpenShard[]): string {
  const left = leftAsleep(shards).map((line) => `  ${line}`);
  return [`${name}: ${countOf(shards)} clusters are woken and given up.`, ...left, "Go on?"].join("\n");
}

const countOf = (shards: readonly OpenShard[]): number =>
  shards.reduce((sum, { held }) => sum + held.clusters.length, 0);

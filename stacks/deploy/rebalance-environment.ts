import { stackNameOf } from "./assign-shards.js";
import { createStack, moveBetween } from "./backend.js";
import type { Deployed } from "./deploy-environment.js";
import type { Environment } from "./environment.js";
import type { Attempt } from "./fault.js";
import { CUT_SHORT } from "./interrupted.js";
import { idsOf, openEnvironment, type OpenEnvironment, type OpenShard } from "./open-environment.js";
import { planMoves, type Move } from "./plan-moves.js";
import type { Session } from "./session.js";

/**
 * Moves clusters between an environment's stacks so that they stand as a first deployment would have placed them. Only
 * states are rewritten: nothing is created, updated, woken or deleted.
 */
export async function rebalanceEnvironment(environment: Environment, session: Session): Promise<Deployed> {
  const { name } = environment;
  const opened = await openEnvironment(environment, session, { isComplete: false });
  if (!opened.ok) return { result: { environment: name, stacks: [], fault: opened.fault, advice: [] }, environment };
  const open = opened.value;
  const { shards, taken } = open;
  const held = idsOf(new Map(shards.map((shard) => [shard.number, shard.held])));
  const moves = planMoves(held, { limit: environment.clustersPerStack, taken });
  session.reporter.environment(name, { stacks: shards.length, clusters: [...held.values()].flat().length });
  const advice = moves.map((move) => wordsOf(name, move));
  const stacks = shards.map(({ stack, clusters }) => ({ stack, clusters: clusters.length, outcome: UNCHANGED }));
  const end = { environment: name, stacks, advice };
  if (moves.length === 0) return { result: end, environment };
  const refusal = await session.approve([...advice, "Go on?"].join("\n"));
  if (refusal !== undefined) return { result: { ...end, fault: refusal }, environment };
  for (const move of moves) {
    if (session.stopping.aborted) return { result: { ...end, fault: CUT_SHORT }, environment };
    const moved = await carryOut(move, open, session);
    if (!moved.ok) return { result: { ...end, fault: moved.fault }, environment };
    session.reporter.note(name, wordsOf(name, move));
  }
  return { result: end, environment };
}

const UNCHANGED = { kind: "unchanged" } as const;

async function carryOut(
  move: Move,
  { environment, shards }: OpenEnvironment,
  session: Session,
): Promise<Attempt<unknown>> {
  const source = shards.find(({ number }) => number === move.from);
  if (source === undefined) return { ok: true, value: undefined };
  const to = stackNameOf(environment.name, move.to);
  const made = await createStack(to, session);
  return made.ok ? moveBetween({ from: source.stack, to, urns: urnsOf(source, move) }, session) : made;
}

function urnsOf({ held }: OpenShard, { ids }: Move): readonly string[] {
  const moving = new Set(ids);
  return held.clusters.filter(({ id }) => moving.has(id)).map(({ urn }) => urn);
}

function wordsOf(name: string, { from, to, ids }: Move): string {
  const many = ids.length === 1 ? "1 cluster" : `${ids.length} clusters`;
  return `${many} from ${stackNameOf(name, from)} to ${stackNameOf(name, to)}`;
}

import type { Stack } from "@pulumi/pulumi/automation/index.js";
import pLimit from "p-limit";

import { assignShards, shardNumberOf, stackNameOf, type Shards } from "./assign-shards.js";
import { listStacks, readStack } from "./backend.js";
import { createShardEngine, openStack, type ShardEngine } from "./engine.js";
import type { Environment } from "./environment.js";
import { refused, type Attempt } from "./fault.js";
import { NOTHING_HELD, type HeldState } from "./held.js";
import type { Session } from "./session.js";
import { createShardWorkspace, type Shard } from "./shard-workspace.js";

/** A shard with what it holds now and the engine that changes it. */
export interface OpenShard extends Shard {
  /** The backend does not know the stack yet. */
  readonly isNew: boolean;
  /** Its workspace's folder, absolute. */
  readonly folder: string;
  readonly held: HeldState;
  readonly engine: ShardEngine;
}

/** An environment that is ready to be worked on. */
export interface OpenEnvironment {
  readonly environment: Environment;
  /** By number; the first is always there. */
  readonly shards: readonly OpenShard[];
  /** Numbers that stand for environments of their own, as `dev-2` would. */
  readonly taken: ReadonlySet<number>;
}

/**
 * Reads what an environment's stacks hold, decides which stack gets which cluster, and prepares a
 * workspace for each. Changes nothing in the backend. `isComplete: false`: stacks as they stand, no place for new clusters.
 */
export async function openEnvironment(
  environment: Environment,
  session: Session,
  { isComplete = true }: { readonly isComplete?: boolean } = {},
): Promise<Attempt<OpenEnvironment>> {
  const { name, clusters, clustersPerStack: limit } = environment;
  const stacks = await listStacks(session);
  if (!stacks.ok) return stacks;
  const taken = numbersTaken(name, session.project.environments);
  const numbers = stacks.value
    .flatMap((stack) => shardNumberOf(name, stack) ?? [])
    .filter((number) => !taken.has(number));
  const held = await readHeldStates(name, new Set(numbers), session);
  if (!held.ok) return held;
  const twice = heldTwice(name, held.value);
  if (twice !== undefined) return twice;
  const ids = idsOf(held.value);
  const declared = clusters.map(({ id }) => id);
  const assigned = assignShards(ids, isComplete ? declared : [...ids.values()].flat(), { limit, taken });
  const shards = await openShards(assigned, held.value, environment, session);
  return { ok: true, value: { environment, shards, taken } };
}

/** The clusters that each stack holds. */
export function idsOf(held: ReadonlyMap<number, HeldState>): Shards {
  return new Map([...held].map(([number, { clusters }]) => [number, clusters.map(({ id }) => id)]));
}

function numbersTaken(name: string, environments: readonly string[]): ReadonlySet<number> {
  const others = environments.filter((other) => other !== name);
  return new Set(others.flatMap((other) => shardNumberOf(name, other) ?? []));
}

async function readHeldStates(
  name: string,
  numbers: ReadonlySet<number>,
  session: Session,
): Promise<Attempt<ReadonlyMap<number, HeldState>>> {
  const atOnce = pLimit(session.parallel);
  const held = new Map<number, HeldState>();
  const reads = [...numbers]
    .toSorted((one, other) => one - other)
    .map((number) => atOnce(async () => ({ number, state: await readStack(stackNameOf(name, number), session) })));
  for (const { number, state } of await Promise.all(reads)) {
    if (!state.ok) return state;
    held.set(number, state.value);
  }
  return { ok: true, value: held };
}

/** A cluster in two stacks would be woken and forgotten by the one that loses it. */
export function heldTwice(name: string, held: ReadonlyMap<number, HeldState>) {
  const first = new Map<string, number>();
  for (const [number, { clusters }] of held) {
    for (const { id, urn } of clusters) {
      const other = first.get(id);
      if (other !== undefined && other !== number)
        return refused(
          "cluster-held-twice",
          `${id} stands in two stacks, ${stackNameOf(name, other)} and ${stackNameOf(name, number)}.`,
          `Take it out of one: pulumi state delete '${urn}' --stack ${stackNameOf(name, number)}`,
        );
      first.set(id, number);
    }
  }
  return undefined;
}

async function openShards(
  assigned: Shards,
  held: ReadonlyMap<number, HeldState>,
  environment: Environment,
  session: Session,
): Promise<readonly OpenShard[]> {
  const isOnly = assigned.size === 1;
  const opened = [...assigned].map(async ([number, clusters]): Promise<OpenShard> => {
    const shard = { number, stack: stackNameOf(environment.name, number), clusters };
    const state = held.get(number);
    const isNew = state === undefined;
    const workspace = await createShardWorkspace(
      shard,
      { project: session.project, environment, isOnly },
      { parent: session.folder, pulumiCommand: session.cli.command },
    );
    const open = async (): Promise<Stack> => {
      const stack = await openStack(workspace, { stack: shard.stack, isNew });
      if (environment.hasSecrets) session.reporter.hide(await secretsOf(stack));
      return stack;
    };
    const engine = createShardEngine(open, {
      guard: {
        policyPack: session.policyPack.folder,
        ...(environment.policyConfig !== undefined && { policyConfig: environment.policyConfig }),
      },
      patience: session.patience,
      progress: session.reporter.progressOf(shard.stack),
      stopping: session.stopping,
      signal: session.signal,
      mayFree: session.mayFree,
    });
    return { ...shard, isNew, folder: workspace.workDir, held: state ?? NOTHING_HELD, engine };
  });
  return Promise.all(opened);
}

async function secretsOf(stack: Stack): Promise<readonly string[]> {
  const config = await stack.getAllConfig();
  return Object.values(config).flatMap(({ value, secret }) => (secret === true ? [value] : []));
}

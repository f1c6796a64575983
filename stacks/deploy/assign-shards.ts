import { parseClusterId } from "../../runtime/ports/index.js";

/** Which clusters (ids `account/region/name`) each stack of an environment holds, by the stack's number from 1. */
export type Shards = ReadonlyMap<number, readonly string[]>;

/**
 * Spreads `clusters` over stacks. Who stands in a stack already stays there, even in one that is over the limit; who is new
 * comes to a stack that has others of the account and Region, then to the first with room, then to a new one, so that no
 * stack grows above `limit`. Stacks in `held` stay even when nobody is left in them; those in `taken` are never begun. Ids
 * are in order within each stack. Pure, and the order of `clusters` does not matter.
 */
export function assignShards(
  held: Shards,
  clusters: readonly string[],
  { limit, taken = new Set() }: { readonly limit: number; readonly taken?: ReadonlySet<number> },
): Shards {
  const declared = new Set(clusters);
  const shards = new Map([...held].map(([number, ids]) => [number, ids.filter((id) => declared.has(id))]));
  if (!shards.has(1)) shards.set(1, []);
  const settled = new Set([...shards.values()].flat());
  const fresh = [...declared].filter((id) => !settled.has(id)).toSorted();
  for (const [place, group] of Map.groupBy(fresh, placeOf)) placeGroup(shards, place, group, { limit, taken });
  return new Map(
    [...shards].toSorted(([one], [other]) => one - other).map(([number, ids]) => [number, ids.toSorted()]),
  );
}

/** `account/region`, of which stacks hold as much as they can together. */
function placeOf(id: string): string {
  const { account = "", region = "" } = parseClusterId(id) ?? {};
  return `${account}/${region}`;
}

function placeGroup(
  shards: Map<number, string[]>,
  place: string,
  group: readonly string[],
  { limit, taken }: { readonly limit: number; readonly taken: ReadonlySet<number> },
): void {
  let rest = [...group];
  const fill = (number: number): void => {
    const held = shards.get(number) ?? [];
    const room = Math.max(0, limit - held.length);
    shards.set(number, [...held, ...rest.slice(0, room)]);
    rest = rest.slice(room);
  };
  const numbers = [...shards.keys()].toSorted((one, other) => one - other);
  const [kin, others] = [true, false].map((isKin) =>
    numbers.filter((number) => (shards.get(number) ?? []).some((id) => placeOf(id) === place) === isKin),
  );
  for (const number of [...(kin ?? []), ...(others ?? [])]) fill(number);
  while (rest.length > 0) fill(nextNumber(shards, taken));
}

function nextNumber(shards: ReadonlyMap<number, unknown>, taken: ReadonlySet<number>): number {
  let number = 2;
  while (shards.has(number) || taken.has(number)) number += 1;
  return number;
}

/** The stack of a number: the environment's own name for the first, `<environment>-2` and so on for the others. */
export function stackNameOf(environment: string, number: number): string {
  return number === 1 ? environment : `${environment}-${number}`;
}

/** The number of an environment's stack; undefined for a stack of somebody else. */
export function shardNumberOf(environment: string, stack: string): number | undefined {
  if (stack === environment) return 1;
  if (!stack.startsWith(`${environment}-`)) return undefined;
  const tail = stack.slice(environment.length + 1);
  return /^([2-9]|[1-9]\d+)$/.test(tail) ? Number(tail) : undefined;
}

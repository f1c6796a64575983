import { assignShards, type Shards } from "./assign-shards.js";

/** Clusters that go from one stack of their environment to another. */
export interface Move {
  readonly from: number;
  readonly to: number;
  readonly ids: readonly string[];
}

/**
 * The moves after which the held clusters stand as a first deployment would have placed them: as few stacks as the limit
 * allows, each account and Region together. No moves when they stand so already. Pure.
 */
export function planMoves(
  held: Shards,
  options: { readonly limit: number; readonly taken?: ReadonlySet<number> },
): readonly Move[] {
  const wanted = numberOfEach(assignShards(new Map(), [...held.values()].flat(), options));
  const moves = new Map<string, { readonly from: number; readonly to: number; readonly ids: string[] }>();
  for (const [id, from] of numberOfEach(held)) {
    const to = wanted.get(id) ?? from;
    if (to === from) continue;
    const key = `${from}>${to}`;
    const move = moves.get(key) ?? { from, to, ids: [] };
    move.ids.push(id);
    moves.set(key, move);
  }
  return [...moves.values()];
}

function numberOfEach(shards: Shards): ReadonlyMap<string, number> {
  return new Map([...shards].flatMap(([number, ids]) => ids.map((id) => [id, number] as const)));
}

/** One secondary index of the hub's table. An item without both keys is not in it. */
interface TableIndex {
  readonly name: string;
  readonly hashKey: string;
  readonly rangeKey: string;
  readonly projection: "ALL" | "KEYS_ONLY";
}

/** What is needed to create a table; plain, so that wiring and tests share it. */
export interface TableDefinition {
  readonly hashKey: string;
  readonly rangeKey: string;
  /** Of the keys of table and indexes alone: DynamoDB knows no others. S: text, N: number. */
  readonly attributes: readonly { readonly name: string; readonly type: "S" | "N" }[];
  readonly indexes: readonly TableIndex[];
  /** Seconds since the epoch after which an item is rubbish. */
  readonly timeToLiveAttribute: string;
}

/**
 * The hub's one DynamoDB table, as whoever creates it and the store's adapter agree on it.
 *
 * - `due`: fleet entries by shard and instant. `ALL`, as only these small items have its keys.
 * - `unconverged`: the same items while their cluster is not in the state wanted, those for longest first.
 * - `registry`: what there is of a kind, in id order, for people's lists. Written only when an item comes or goes: with
 *   nothing but keys in it no update of an item reaches it, so that one partition carries the whole fleet.
 */
export const HUB_TABLE = {
  hashKey: "pk",
  rangeKey: "sk",
  attributes: [
    { name: "pk", type: "S" },
    { name: "sk", type: "S" },
    { name: "dueShard", type: "S" },
    { name: "dueAt", type: "N" },
    { name: "unconvergedShard", type: "S" },
    { name: "unconvergedOrder", type: "S" },
    { name: "registry", type: "S" },
  ],
  indexes: [
    { name: "due", hashKey: "dueShard", rangeKey: "dueAt", projection: "ALL" },
    { name: "unconverged", hashKey: "unconvergedShard", rangeKey: "unconvergedOrder", projection: "ALL" },
    { name: "registry", hashKey: "registry", rangeKey: "pk", projection: "KEYS_ONLY" },
  ],
  timeToLiveAttribute: "purgeAtSeconds",
} as const satisfies TableDefinition;

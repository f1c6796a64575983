import { ConditionalCheckFailedException, TransactionCanceledException } from "@aws-sdk/client-dynamodb";

import { decodeItem, type Item } from "./item.js";

/** The refusal of a single write; throws what is none. */
export function refusalOf(error: unknown): { readonly kind: "refused"; readonly item: Item | undefined } {
  if (!(error instanceof ConditionalCheckFailedException)) throw error;
  return { kind: "refused", item: error.Item && decodeItem(error.Item) };
}

/** Which writes of a transaction were refused, by position, and what was there; throws what is no refusal. */
export function refusalsOf(error: unknown): ReadonlyMap<number, Item | undefined> {
  const reasons = error instanceof TransactionCanceledException ? (error.CancellationReasons ?? []) : [];
  const refused = new Map<number, Item | undefined>();
  for (const [position, { Code, Item: attributes }] of reasons.entries())
    if (Code === "ConditionalCheckFailed") refused.set(position, attributes && decodeItem(attributes));
  if (refused.size === 0) throw error;
  return refused;
}

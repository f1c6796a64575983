import type { AttributeValue } from "@aws-sdk/client-dynamodb";

/** What an attribute of ours may be. What would be null is left out. */
export type Value = string | number;

/** An item by attribute name; `pk` and `sk` are in it. */
export type Item = Readonly<Record<string, Value>>;

/** Where an item lies. */
export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

/** One value as DynamoDB writes it. */
export function encodeValue(value: Value): AttributeValue {
  return typeof value === "string" ? { S: value } : { N: String(value) };
}

/** Values by name as DynamoDB writes them. */
export function encodeValues(values: ItemKey | Item): Record<string, AttributeValue> {
  const entries = Object.entries<Value>({ ...values });
  return Object.fromEntries(entries.map(([name, value]) => [name, encodeValue(value)]));
}

/** An item as DynamoDB gives it. Attributes that are neither text nor number are not ours and are left out. */
export function decodeItem(attributes: Record<string, AttributeValue>): Item {
  const entries = Object.entries(attributes).flatMap(([name, { S, N }]): [string, Value][] => {
    if (S !== undefined) return [[name, S]];
    return N === undefined ? [] : [[name, Number(N)]];
  });
  return Object.fromEntries(entries);
}

/** Text that must be there; throws when the item is not what we wrote. */
export function textOf(item: Item, name: string): string {
  const text = textOrNull(item, name);
  if (text === null) throw new Error(`the item ${String(item["pk"])} ${String(item["sk"])} has no ${name}`);
  return text;
}

/** Text, or null when it is not there. */
export function textOrNull(item: Item, name: string): string | null {
  const value = item[name];
  return typeof value === "string" ? value : null;
}

/** A number that must be there; throws when the item is not what we wrote. */
export function numberOf(item: Item, name: string): number {
  const value = numberOrNull(item, name);
  if (value === null) throw new Error(`the item ${String(item["pk"])} ${String(item["sk"])} has no ${name}`);
  return value;
}

/** A number, or null when it is not there. */
export function numberOrNull(item: Item, name: string): number | null {
  const value = item[name];
  return typeof value === "number" ? value : null;
}

import type { AttributeValue, TransactWriteItem } from "@aws-sdk/client-dynamodb";

import { encodeValue, encodeValues, type Item, type ItemKey, type Value } from "./item.js";

/** What must be true of the item as it is; attributes are written `#name`, values `:name`. */
export interface Condition {
  readonly text: string;
  readonly values?: Readonly<Record<string, Value>>;
}

/** Changes some attributes, creating the item when it is missing. */
export interface Update {
  readonly key: ItemKey;
  /** Null takes the attribute away, undefined leaves it alone. */
  readonly set?: Readonly<Record<string, Value | null | undefined>>;
  /** Counts up; a missing number counts as 0. */
  readonly add?: Readonly<Record<string, number>>;
  readonly condition?: Condition;
}

/** Writes a whole item. */
export interface Put {
  readonly item: Item & ItemKey;
  readonly condition?: Condition;
}

/** Takes an item away; a missing one is fine. */
export interface Removal {
  readonly remove: ItemKey;
}

/** Writes nothing, but the whole transaction only counts if this holds. */
export interface Check {
  readonly check: ItemKey;
  readonly condition: Condition;
}

/** True of an item that does not exist. */
export const IS_NEW: Condition = { text: "attribute_not_exists(#pk)" };
/** True of an item that exists. */
export const EXISTS: Condition = { text: "attribute_exists(#pk)" };

interface Expression {
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue>;
}

/** Names and values of the expressions in `texts`, as DynamoDB wants them beside it. */
export function expressionParts(
  texts: readonly (string | undefined)[],
  values: Readonly<Record<string, Value>> = {},
): Expression {
  const names = texts.join(" ").match(/#\w+/g) ?? [];
  const entries = Object.entries(values).map(([name, value]) => [`:${name}`, encodeValue(value)] as const);
  return {
    ...(names.length > 0 && {
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [name, name.slice(1)])),
    }),
    ...(entries.length > 0 && { ExpressionAttributeValues: Object.fromEntries(entries) }),
  };
}

/** The request of an {@link Update}, without its table. */
export function updateRequest({ key, set = {}, add = {}, condition }: Update) {
  const changes = Object.entries(set);
  const given = changes.flatMap(([name, value]): [string, Value][] => (value == null ? [] : [[name, value]]));
  const dropped = changes.flatMap(([name, value]) => (value === null ? [name] : []));
  const UpdateExpression = [
    clause(
      "SET",
      given.map(([name]) => `#${name} = :${name}`),
    ),
    clause(
      "REMOVE",
      dropped.map((name) => `#${name}`),
    ),
    clause(
      "ADD",
      Object.keys(add).map((name) => `#${name} :${name}`),
    ),
  ]
    .filter((text) => text !== "")
    .join(" ");
  return {
    Key: encodeValues(key),
    UpdateExpression,
    ...(condition && { ConditionExpression: condition.text }),
    ...expressionParts([UpdateExpression, condition?.text], {
      ...Object.fromEntries(given),
      ...add,
      ...condition?.values,
    }),
  };
}

function clause(verb: string, parts: readonly string[]): string {
  return parts.length === 0 ? "" : `${verb} ${parts.join(", ")}`;
}

/** The request of a {@link Put}, without its table. */
export function putRequest({ item, condition }: Put) {
  return {
    Item: encodeValues(item),
    ...(condition && { ConditionExpression: condition.text }),
    ...expressionParts([condition?.text], condition?.values),
  };
}

/** Any write as part of a transaction. */
export function transactRequest(TableName: string, write: Update | Put | Removal | Check): TransactWriteItem {
  const common = { TableName, ReturnValuesOnConditionCheckFailure: "ALL_OLD" } as const;
  if ("remove" in write) return { Delete: { TableName, Key: encodeValues(write.remove) } };
  if ("item" in write) return { Put: { ...common, ...putRequest(write) } };
  if ("key" in write) return { Update: { ...common, ...updateRequest(write) } };
  const { text, values } = write.condition;
  const parts = expressionParts([text], values);
  return { ConditionCheck: { ...common, Key: encodeValues(write.check), ConditionExpression: text, ...parts } };
}

import {
  BatchGetItemCommand,
  type BatchGetItemCommandOutput,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type AttributeValue,
  type DynamoDBClient,
  type QueryCommandInput,
  type UpdateItemCommandOutput,
} from "@aws-sdk/client-dynamodb";

import type { HUB_TABLE } from "../../ports/hub-table.js";
import { afterConflicts } from "./conflict.js";
import { decodeItem, encodeValues, type Item, type ItemKey, type Value } from "./item.js";
import { refusalOf, refusalsOf } from "./refusal.js";
import {
  expressionParts,
  putRequest,
  transactRequest,
  updateRequest,
  type Check,
  type Put,
  type Removal,
  type Update,
} from "./write.js";

/** DynamoDB's own limit of one BatchGetItem. */
const BATCH_SIZE = 100;
/** DynamoDB takes no limit beyond 32 bits; 1 MB is full long before. */
const PAGE_SIZE = 1_000;

/** Done, or refused by its condition; `item` is what was there then, undefined when nothing was. */
export type WriteAnswer =
  { readonly kind: "done"; readonly item: Item } | { readonly kind: "refused"; readonly item: Item | undefined };

/** Done wholly, or not at all; `refused` tells by position whose condition failed, and what was there. */
export type TransactAnswer =
  { readonly kind: "done" } | { readonly kind: "refused"; readonly refused: ReadonlyMap<number, Item | undefined> };

/** Items by a key condition, in its order. */
export interface Question {
  readonly index?: (typeof HUB_TABLE)["indexes"][number]["name"];
  /** Attributes are written `#name`, values `:name`. */
  readonly where: string;
  readonly values: Readonly<Record<string, Value>>;
  /** Names of the attributes wanted, written `#name, #name`; absent: all. */
  readonly only?: string;
  readonly isDescending?: boolean;
  readonly limit: number;
}

/** Our items in one table. Conditions that fail are values; every other fault is thrown as the SDK has it. */
export interface Table {
  /** Consistent. */
  get(key: ItemKey): Promise<Item | undefined>;
  /** Consistent, in the order of `keys`; those that are missing are left out. */
  getAll(keys: readonly ItemKey[]): Promise<readonly Item[]>;
  /** Consistent, except of an index. As many pages as `limit` needs. */
  query(question: Question): Promise<readonly Item[]>;
  /** `done` carries the attributes that were changed. */
  update(update: Update): Promise<WriteAnswer>;
  put(put: Put): Promise<WriteAnswer>;
  remove(key: ItemKey): Promise<void>;
  transact(writes: readonly (Update | Put | Removal | Check)[]): Promise<TransactAnswer>;
}

/** The table `TableName` as `client` sees it. */
export function openTable(client: DynamoDBClient, TableName: string): Table {
  async function getBatch(keys: readonly ItemKey[]): Promise<Record<string, AttributeValue>[]> {
    const found: Record<string, AttributeValue>[] = [];
    let open: Record<string, AttributeValue>[] | undefined = keys.map(encodeValues);
    while (open !== undefined && open.length > 0) {
      const request = new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: open, ConsistentRead: true } } });
      const answer: BatchGetItemCommandOutput = await client.send(request);
      found.push(...(answer.Responses?.[TableName] ?? []));
      open = answer.UnprocessedKeys?.[TableName]?.Keys;
    }
    return found;
  }

  async function write(send: () => Promise<Pick<UpdateItemCommandOutput, "Attributes">>): Promise<WriteAnswer> {
    try {
      const { Attributes = {} } = await afterConflicts(send);
      return { kind: "done", item: decodeItem(Attributes) };
    } catch (error) {
      return refusalOf(error);
    }
  }

  return {
    async get(key) {
      const request = new GetItemCommand({ TableName, Key: encodeValues(key), ConsistentRead: true });
      const { Item: attributes } = await client.send(request);
      return attributes && decodeItem(attributes);
    },
    async getAll(keys) {
      const found = new Map<string, Item>();
      for (let start = 0; start < keys.length; start += BATCH_SIZE) {
        const items = (await getBatch(keys.slice(start, start + BATCH_SIZE))).map(decodeItem);
        for (const item of items) found.set(`${String(item["pk"])} ${String(item["sk"])}`, item);
      }
      return keys.map(({ pk, sk }) => found.get(`${pk} ${sk}`)).filter((item) => item !== undefined);
    },
    async query(question) {
      const items: Item[] = [];
      let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
      do {
        const input = { TableName, ...queryRequest(question, question.limit - items.length), ExclusiveStartKey };
        const { Items = [], LastEvaluatedKey } = await client.send(new QueryCommand(input));
        items.push(...Items.map(decodeItem));
        ExclusiveStartKey = LastEvaluatedKey;
      } while (ExclusiveStartKey !== undefined && items.length < question.limit);
      return items;
    },
    update: (update) =>
      write(() => client.send(new UpdateItemCommand({ TableName, ...updateRequest(update), ...UPDATE_ANSWERS }))),
    put: (put) => write(() => client.send(new PutItemCommand({ TableName, ...putRequest(put), ...PUT_ANSWERS }))),
    async remove(key) {
      const request = new DeleteItemCommand({ TableName, Key: encodeValues(key) });
      await afterConflicts(() => client.send(request));
    },
    async transact(writes) {
      const TransactItems = writes.map((each) => transactRequest(TableName, each));
      try {
        await afterConflicts(() => client.send(new TransactWriteItemsCommand({ TransactItems })));
        return { kind: "done" };
      } catch (error) {
        return { kind: "refused", refused: refusalsOf(error) };
      }
    },
  };
}

const PUT_ANSWERS = { ReturnValuesOnConditionCheckFailure: "ALL_OLD" } as const;
const UPDATE_ANSWERS = { ...PUT_ANSWERS, ReturnValues: "UPDATED_NEW" } as const;

function queryRequest(question: Question, limit: number): Omit<QueryCommandInput, "TableName"> {
  const { index, where, values, only, isDescending = false } = question;
  return {
    KeyConditionExpression: where,
    ...expressionParts([where, only], values),
    ...(only !== undefined && { ProjectionExpression: only }),
    ...(index === undefined ? { ConsistentRead: true } : { IndexName: index }),
    ScanIndexForward: !isDescending,
    Limit: Math.min(limit, PAGE_SIZE),
  };
}

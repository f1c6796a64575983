import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
  waitUntilTableNotExists,
  type KeySchemaElement,
} from "@aws-sdk/client-dynamodb";
import { z } from "zod";

import type { AwsAccount } from "../account.js";
import { capitalise } from "../capitalise.js";
import { COMMON_INPUTS, defineResource, type Properties } from "../resource-type.js";
import { tagList } from "../tags.js";

const PROJECTION = z.enum(["ALL", "KEYS_ONLY", "INCLUDE"]);
const WARM = z.strictObject({ readUnitsPerSecond: z.number().int(), writeUnitsPerSecond: z.number().int() });

const INDEX = z.strictObject({
  name: z.string().regex(/^[\w.-]{3,255}$/),
  hashKey: z.string().optional(),
  rangeKey: z.string().optional(),
  keySchemas: z.array(z.strictObject({ attributeName: z.string(), keyType: z.enum(["HASH", "RANGE"]) })).optional(),
  projectionType: PROJECTION,
  nonKeyAttributes: z.array(z.string()).optional(),
  warmThroughput: WARM.optional(),
});

const INPUTS = z
  .strictObject({
    ...COMMON_INPUTS,
    name: z.string().regex(/^[\w.-]{3,255}$/, "must be 3 to 255 letters, digits, -, _ and ."),
    billingMode: z.literal("PAY_PER_REQUEST"),
    hashKey: z.string(),
    rangeKey: z.string().optional(),
    attributes: z.array(z.strictObject({ name: z.string(), type: z.enum(["S", "N", "B"]) })),
    globalSecondaryIndexes: z.array(INDEX).max(20).optional(),
    pointInTimeRecovery: z
      .strictObject({ enabled: z.boolean(), recoveryPeriodInDays: z.number().int().min(1).max(35).optional() })
      .optional(),
    serverSideEncryption: z.strictObject({ enabled: z.boolean(), kmsKeyArn: z.string().optional() }).optional(),
    ttl: z.strictObject({ attributeName: z.string(), enabled: z.boolean().optional() }).optional(),
    deletionProtectionEnabled: z.boolean().optional(),
    tableClass: z.enum(["STANDARD", "STANDARD_INFREQUENT_ACCESS"]).optional(),
    warmThroughput: WARM.optional(),
  })
  .superRefine((inputs, context) => {
    const keys = new Set(keysOf(inputs));
    const declared = inputs.attributes.map(({ name }) => name);
    const difference = [...keys]
      .filter((key) => !declared.includes(key))
      .concat(declared.filter((name) => !keys.has(name)));
    if (difference.length === 0) return;
    const message = `must be exactly the keys of the table and of its indexes; differs in ${difference.join(", ")}`;
    context.addIssue({ code: "custom", path: ["attributes"], message });
  });

type Inputs = z.output<typeof INPUTS>;

export const table = defineResource({
  token: "aws:dynamodb/table:Table",
  nameInput: "name",
  replaceOn: ["name", "hashKey", "rangeKey", "attributes", "globalSecondaryIndexes"],
  inputs: INPUTS,
  async create(inputs, aws) {
    await aws.dynamodb.send(new CreateTableCommand(tableOf(inputs)));
    await waitUntilTableExists({ client: aws.dynamodb, maxWaitTime: 30, minDelay: 1 }, { TableName: inputs.name });
    await applyExtras(inputs, aws);
    return { id: inputs.name, outputs: await outputsOf(inputs.name, aws) };
  },
  read: outputsOf,
  async update(name, inputs, aws) {
    const { deletionProtectionEnabled = false } = inputs;
    await aws.dynamodb.send(
      new UpdateTableCommand({ TableName: name, DeletionProtectionEnabled: deletionProtectionEnabled }),
    );
    await applyExtras(inputs, aws);
    return undefined;
  },
  async remove(name, { dynamodb }) {
    await dynamodb.send(new DeleteTableCommand({ TableName: name }));
    await waitUntilTableNotExists({ client: dynamodb, maxWaitTime: 30, minDelay: 1 }, { TableName: name });
  },
});

const keySchema = (hashKey: string, rangeKey?: string): KeySchemaElement[] => [
  { AttributeName: hashKey, KeyType: "HASH" },
  ...(rangeKey === undefined ? [] : [{ AttributeName: rangeKey, KeyType: "RANGE" as const }]),
];

const indexKeys = ({ hashKey, rangeKey, keySchemas }: z.output<typeof INDEX>): KeySchemaElement[] =>
  keySchemas === undefined ? keySchema(hashKey ?? "", rangeKey) : capitalise(keySchemas);

const keysOf = ({ hashKey, rangeKey, globalSecondaryIndexes = [] }: Inputs): readonly string[] =>
  [...keySchema(hashKey, rangeKey), ...globalSecondaryIndexes.flatMap(indexKeys)].map((key) => key.AttributeName ?? "");

function tableOf(inputs: Inputs) {
  const { serverSideEncryption: encryption } = inputs;
  return {
    TableName: inputs.name,
    BillingMode: inputs.billingMode,
    KeySchema: keySchema(inputs.hashKey, inputs.rangeKey),
    AttributeDefinitions: inputs.attributes.map(({ name, type }) => ({ AttributeName: name, AttributeType: type })),
    GlobalSecondaryIndexes: inputs.globalSecondaryIndexes?.map((index) => ({
      IndexName: index.name,
      KeySchema: indexKeys(index),
      Projection: { ProjectionType: index.projectionType, NonKeyAttributes: index.nonKeyAttributes },
    })),
    DeletionProtectionEnabled: inputs.deletionProtectionEnabled,
    TableClass: inputs.tableClass,
    SSESpecification: encryption && { Enabled: encryption.enabled, KMSMasterKeyId: encryption.kmsKeyArn },
    WarmThroughput: inputs.warmThroughput && capitalise(inputs.warmThroughput),
    Tags: tagList(inputs.tags),
  };
}

/** What CreateTable does not take. */
async function applyExtras({ name, ttl, pointInTimeRecovery }: Inputs, { dynamodb }: AwsAccount): Promise<void> {
  if (ttl !== undefined) {
    const specification = { AttributeName: ttl.attributeName, Enabled: ttl.enabled ?? true };
    const command = new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification: specification });
    // DynamoDB refuses to set what is so already.
    await dynamodb.send(command).catch((error: unknown) => {
      if (!String(error).includes("already")) throw error;
    });
  }
  if (pointInTimeRecovery === undefined) return;
  const { enabled, recoveryPeriodInDays } = pointInTimeRecovery;
  const PointInTimeRecoverySpecification = {
    PointInTimeRecoveryEnabled: enabled,
    RecoveryPeriodInDays: recoveryPeriodInDays,
  };
  await dynamodb.send(new UpdateContinuousBackupsCommand({ TableName: name, PointInTimeRecoverySpecification }));
}

async function outputsOf(name: string, { dynamodb }: AwsAccount): Promise<Properties> {
  const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: name }));
  return { name, arn: Table?.TableArn };
}

import {
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  PutRetentionPolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { z } from "zod";

import type { AwsAccount } from "../account.js";
import { COMMON_INPUTS, defineResource, type Properties } from "../resource-type.js";

const RETENTION_DAYS = [
  0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const INPUTS = z.strictObject({
  ...COMMON_INPUTS,
  name: z.string().regex(/^[\w./#-]{1,512}$/),
  retentionInDays: z
    .number()
    .refine((days) => RETENTION_DAYS.includes(days), "is none of the retentions that CloudWatch Logs offers")
    .optional(),
  kmsKeyId: z.string().optional(),
  logGroupClass: z.enum(["STANDARD", "INFREQUENT_ACCESS", "DELIVERY"]).optional(),
  skipDestroy: z.literal(false).optional(),
});

export const logGroup = defineResource({
  token: "aws:cloudwatch/logGroup:LogGroup",
  nameInput: "name",
  replaceOn: ["name", "kmsKeyId", "logGroupClass"],
  inputs: INPUTS,
  async create(inputs, aws) {
    const { name, kmsKeyId, logGroupClass, tags } = inputs;
    await aws.logs.send(new CreateLogGroupCommand({ logGroupName: name, kmsKeyId, logGroupClass, tags }));
    await applyRetention(inputs, aws);
    return { id: name, outputs: (await outputsOf(name, aws)) ?? {} };
  },
  read: outputsOf,
  async update(_name, inputs, aws) {
    await applyRetention(inputs, aws);
    return undefined;
  },
  remove: (name, { logs }) => logs.send(new DeleteLogGroupCommand({ logGroupName: name })),
});

const applyRetention = ({ name: logGroupName, retentionInDays = 0 }: z.output<typeof INPUTS>, { logs }: AwsAccount) =>
  retentionInDays === 0
    ? logs.send(new DeleteRetentionPolicyCommand({ logGroupName }))
    : logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays }));

async function outputsOf(name: string, { logs }: AwsAccount): Promise<Properties | undefined> {
  const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }));
  const found = logGroups.find(({ logGroupName }) => logGroupName === name);
  return found && { name, arn: found.arn?.replace(/:\*$/, "") };
}

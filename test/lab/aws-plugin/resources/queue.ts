import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  SetQueueAttributesCommand,
} from "@aws-sdk/client-sqs";
import { z } from "zod";

import type { AwsAccount } from "../account.js";
import { policyDocument } from "../policy-document.js";
import { COMMON_INPUTS, defineResource, type Properties } from "../resource-type.js";

const whole = (least: number, most: number) => z.number().int().min(least).max(most);
const jsonText = z.string().refine((text) => isJson(text), "is no JSON");

const INPUTS = z.strictObject({
  ...COMMON_INPUTS,
  name: z.string().regex(/^[\w-]{1,80}$/, "must be 1 to 80 letters, digits, - and _"),
  visibilityTimeoutSeconds: whole(0, 43_200).optional(),
  messageRetentionSeconds: whole(60, 1_209_600).optional(),
  receiveWaitTimeSeconds: whole(0, 20).optional(),
  delaySeconds: whole(0, 900).optional(),
  maxMessageSize: whole(1_024, 1_048_576).optional(),
  redrivePolicy: jsonText.optional(),
  redriveAllowPolicy: jsonText.optional(),
  policy: policyDocument(32_768).optional(),
  kmsMasterKeyId: z.string().optional(),
  sqsManagedSseEnabled: z.boolean().optional(),
});

type Inputs = z.output<typeof INPUTS>;

export const queue = defineResource({
  token: "aws:sqs/queue:Queue",
  nameInput: "name",
  replaceOn: ["name"],
  inputs: INPUTS,
  async create(inputs, aws) {
    const { name, tags } = inputs;
    const { QueueUrl = "" } = await aws.sqs.send(
      new CreateQueueCommand({ QueueName: name, Attributes: attributesOf(inputs), tags }),
    );
    return { id: QueueUrl, outputs: await outputsOf(QueueUrl, aws) };
  },
  read: (url, aws) => outputsOf(url, aws),
  async update(url, inputs, { sqs }) {
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: attributesOf(inputs) }));
    return undefined;
  },
  remove: (url, { sqs }) => sqs.send(new DeleteQueueCommand({ QueueUrl: url })),
});

function attributesOf(inputs: Inputs): Record<string, string> {
  const attributes = {
    VisibilityTimeout: inputs.visibilityTimeoutSeconds ?? 30,
    MessageRetentionPeriod: inputs.messageRetentionSeconds ?? 345_600,
    ReceiveMessageWaitTimeSeconds: inputs.receiveWaitTimeSeconds ?? 0,
    DelaySeconds: inputs.delaySeconds ?? 0,
    MaximumMessageSize: inputs.maxMessageSize,
    RedrivePolicy: inputs.redrivePolicy,
    RedriveAllowPolicy: inputs.redriveAllowPolicy,
    Policy: inputs.policy,
    KmsMasterKeyId: inputs.kmsMasterKeyId,
    SqsManagedSseEnabled: inputs.sqsManagedSseEnabled,
  };
  const given = Object.entries(attributes).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}

async function outputsOf(url: string, { sqs }: AwsAccount): Promise<Properties> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["QueueArn", "VisibilityTimeout"] }),
  );
  return { url, arn: Attributes?.QueueArn, visibilityTimeoutSeconds: Number(Attributes?.VisibilityTimeout) };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

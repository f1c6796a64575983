import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetTopicAttributesCommand,
  SetTopicAttributesCommand,
} from "@aws-sdk/client-sns";
import { z } from "zod";

import type { AwsAccount } from "../account.js";
import { policyDocument } from "../policy-document.js";
import { COMMON_INPUTS, defineResource, type Properties } from "../resource-type.js";
import { tagList } from "../tags.js";

const INPUTS = z.strictObject({
  ...COMMON_INPUTS,
  name: z.string().regex(/^[\w-]{1,256}$/),
  displayName: z.string().max(100).optional(),
  kmsMasterKeyId: z.string().optional(),
  policy: policyDocument(30_720).optional(),
});

export const topic = defineResource({
  token: "aws:sns/topic:Topic",
  nameInput: "name",
  replaceOn: ["name"],
  inputs: INPUTS,
  async create(inputs, aws) {
    const command = new CreateTopicCommand({
      Name: inputs.name,
      Attributes: attributesOf(inputs),
      Tags: tagList(inputs.tags),
    });
    const { TopicArn = "" } = await aws.sns.send(command);
    return { id: TopicArn, outputs: await outputsOf(TopicArn, aws) };
  },
  read: outputsOf,
  async update(arn, inputs, { sns }) {
    for (const [AttributeName, AttributeValue] of Object.entries(attributesOf(inputs)))
      await sns.send(new SetTopicAttributesCommand({ TopicArn: arn, AttributeName, AttributeValue }));
    return undefined;
  },
  remove: (arn, { sns }) => sns.send(new DeleteTopicCommand({ TopicArn: arn })),
});

const attributesOf = ({ displayName, kmsMasterKeyId, policy }: z.output<typeof INPUTS>): Record<string, string> => ({
  ...(displayName === undefined ? {} : { DisplayName: displayName }),
  ...(kmsMasterKeyId === undefined ? {} : { KmsMasterKeyId: kmsMasterKeyId }),
  ...(policy === undefined ? {} : { Policy: policy }),
});

async function outputsOf(arn: string, { sns }: AwsAccount): Promise<Properties> {
  await sns.send(new GetTopicAttributesCommand({ TopicArn: arn }));
  return { arn, name: arn.split(":").at(-1) };
}

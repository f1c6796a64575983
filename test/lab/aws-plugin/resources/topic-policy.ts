import { GetTopicAttributesCommand, SetTopicAttributesCommand } from "@aws-sdk/client-sns";
import { z } from "zod";

import type { AwsAccount } from "../account.js";
import { policyDocument } from "../policy-document.js";
import { COMMON_INPUTS, defineResource } from "../resource-type.js";

export const topicPolicy = defineResource({
  token: "aws:sns/topicPolicy:TopicPolicy",
  replaceOn: ["arn"],
  inputs: z.strictObject({ region: COMMON_INPUTS.region, arn: z.string(), policy: policyDocument(30_720) }),
  async create({ arn, policy }, aws) {
    await put(arn, policy, aws);
    return { id: arn, outputs: {} };
  },
  async read(arn, { sns }) {
    await sns.send(new GetTopicAttributesCommand({ TopicArn: arn }));
    return {};
  },
  async update(arn, { policy }, aws) {
    await put(arn, policy, aws);
    return {};
  },
  // A topic always has a policy; it goes with the topic.
  remove: () => Promise.resolve(),
});

const put = (arn: string, policy: string, { sns }: AwsAccount) =>
  sns.send(new SetTopicAttributesCommand({ TopicArn: arn, AttributeName: "Policy", AttributeValue: policy }));

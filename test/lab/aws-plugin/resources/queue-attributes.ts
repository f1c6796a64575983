import { GetQueueAttributesCommand, SetQueueAttributesCommand, type QueueAttributeName } from "@aws-sdk/client-sqs";
import { z } from "zod";

import { policyDocument } from "../policy-document.js";
import { COMMON_INPUTS, defineResource } from "../resource-type.js";

const { region } = COMMON_INPUTS;
const queueUrl = z.url();

/** A resource that is one attribute of a queue. */
function queueAttribute(token: string, input: string, attribute: QueueAttributeName, value: z.ZodType<string>) {
  return defineResource({
    token,
    replaceOn: ["queueUrl"],
    inputs: z.strictObject({ region, queueUrl, [input]: value }),
    async create(inputs, { sqs }) {
      const { queueUrl: url, [input]: text } = inputs as Record<string, string>;
      await sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { [attribute]: text ?? "" } }));
      return { id: url ?? "", outputs: {} };
    },
    async read(url, { sqs }) {
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [attribute] }),
      );
      return Attributes?.[attribute] === undefined ? undefined : {};
    },
    async update(url, inputs, { sqs }) {
      const { [input]: text } = inputs as Record<string, string>;
      await sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { [attribute]: text ?? "" } }));
      return {};
    },
    remove: (url, { sqs }) =>
      sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { [attribute]: "" } })),
  });
}

const REDRIVE_ALLOW = z.strictObject({
  redrivePermission: z.enum(["allowAll", "denyAll", "byQueue"]),
  sourceQueueArns: z.array(z.string()).max(10).optional(),
});

export const queueRedriveAllowPolicy = queueAttribute(
  "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy",
  "redriveAllowPolicy",
  "RedriveAllowPolicy",
  z.string().refine((text) => REDRIVE_ALLOW.safeParse(parsed(text)).success, "is no redrive-allow policy of SQS"),
);

export const queuePolicy = queueAttribute(
  "aws:sqs/queuePolicy:QueuePolicy",
  "policy",
  "Policy",
  policyDocument(32_768),
);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

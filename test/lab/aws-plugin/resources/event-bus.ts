import { CreateEventBusCommand, DeleteEventBusCommand, DescribeEventBusCommand } from "@aws-sdk/client-eventbridge";
import { z } from "zod";

import { COMMON_INPUTS, defineResource } from "../resource-type.js";
import { tagList } from "../tags.js";

export const eventBus = defineResource({
  token: "aws:cloudwatch/eventBus:EventBus",
  nameInput: "name",
  replaceOn: ["name", "description", "kmsKeyIdentifier"],
  inputs: z.strictObject({
    ...COMMON_INPUTS,
    name: z.string().regex(/^[\w./-]{1,256}$/),
    description: z.string().max(512).optional(),
    kmsKeyIdentifier: z.string().optional(),
  }),
  async create({ name, description, kmsKeyIdentifier, tags }, { eventBridge }) {
    const { EventBusArn } = await eventBridge.send(
      new CreateEventBusCommand({
        Name: name,
        Description: description,
        KmsKeyIdentifier: kmsKeyIdentifier,
        Tags: tagList(tags),
      }),
    );
    return { id: name, outputs: { name, arn: EventBusArn } };
  },
  async read(name, { eventBridge }) {
    const { Arn } = await eventBridge.send(new DescribeEventBusCommand({ Name: name }));
    return { name, arn: Arn };
  },
  remove: (name, { eventBridge }) => eventBridge.send(new DeleteEventBusCommand({ Name: name })),
});

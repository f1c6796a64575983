import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  UpdateScheduleCommand,
  type CreateScheduleCommandInput,
} from "@aws-sdk/client-scheduler";
import { z } from "zod";

import type { AwsAccount } from "../account.js";
import { capitalise } from "../capitalise.js";
import { COMMON_INPUTS, defineResource, type Properties } from "../resource-type.js";
import { expressionProblem } from "../schedule-expression.js";

const TARGET = z.strictObject({
  arn: z.string().startsWith("arn:"),
  roleArn: z.string().startsWith("arn:"),
  input: z.string().optional(),
  retryPolicy: z
    .strictObject({
      maximumEventAgeInSeconds: z.number().int().min(60).max(86_400).optional(),
      maximumRetryAttempts: z.number().int().min(0).max(185).optional(),
    })
    .optional(),
  deadLetterConfig: z.strictObject({ arn: z.string() }).optional(),
  sqsParameters: z.strictObject({ messageGroupId: z.string() }).optional(),
});

const WINDOW = z
  .strictObject({
    mode: z.enum(["OFF", "FLEXIBLE"]),
    maximumWindowInMinutes: z.number().int().min(1).max(1_440).optional(),
  })
  .refine(({ mode, maximumWindowInMinutes: minutes }) => (mode === "FLEXIBLE") === (minutes !== undefined), {
    message: "needs minutes when it is FLEXIBLE, and only then",
  });

const INPUTS = z.strictObject({
  region: COMMON_INPUTS.region,
  name: z.string().regex(/^[\w.-]{1,64}$/),
  groupName: z.string().optional(),
  description: z.string().max(512).optional(),
  scheduleExpression: z.string().superRefine((expression, context) => {
    const message = expressionProblem(expression);
    if (message !== undefined) context.addIssue({ code: "custom", message });
  }),
  scheduleExpressionTimezone: z
    .string()
    .refine(
      (zone) => zone === "UTC" || Intl.supportedValuesOf("timeZone").includes(zone),
      "is no zone of the tz database",
    )
    .optional(),
  flexibleTimeWindow: WINDOW,
  state: z.enum(["ENABLED", "DISABLED"]).optional(),
  kmsKeyArn: z.string().optional(),
  target: TARGET,
});

export const schedule = defineResource({
  token: "aws:scheduler/schedule:Schedule",
  nameInput: "name",
  replaceOn: ["name", "groupName"],
  inputs: INPUTS,
  async create(inputs, aws) {
    await aws.scheduler.send(new CreateScheduleCommand(scheduleOf(inputs)));
    const id = `${inputs.groupName ?? "default"}/${inputs.name}`;
    return { id, outputs: await outputsOf(id, aws) };
  },
  read: outputsOf,
  async update(_id, inputs, { scheduler }) {
    await scheduler.send(new UpdateScheduleCommand(scheduleOf(inputs)));
    return undefined;
  },
  remove: (id, { scheduler }) => scheduler.send(new DeleteScheduleCommand(partsOf(id))),
});

function scheduleOf({
  region: _,
  groupName = "default",
  ...inputs
}: z.output<typeof INPUTS>): CreateScheduleCommandInput {
  return { ...capitalise(inputs), GroupName: groupName };
}

function partsOf(id: string): { readonly GroupName: string; readonly Name: string } {
  const [GroupName = "", Name = ""] = id.split("/");
  return { GroupName, Name };
}

async function outputsOf(id: string, { scheduler }: AwsAccount): Promise<Properties> {
  const { Arn, Name, GroupName } = await scheduler.send(new GetScheduleCommand(partsOf(id)));
  return { arn: Arn, name: Name, groupName: GroupName };
}

import {
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  DescribeStateMachineCommand,
  UpdateStateMachineCommand,
} from "@aws-sdk/client-sfn";
import { z } from "zod";

import type { AwsAccount } from "../account.js";
import { COMMON_INPUTS, defineResource, type Properties } from "../resource-type.js";

const INPUTS = z.strictObject({
  ...COMMON_INPUTS,
  name: z.string().regex(/^[\w-]{1,80}$/),
  roleArn: z.string().startsWith("arn:"),
  definition: z.string().refine(isDefinition, "is no JSON with StartAt and that state among its States"),
  type: z.enum(["STANDARD", "EXPRESS"]).optional(),
  loggingConfiguration: z
    .strictObject({
      level: z.enum(["ALL", "ERROR", "FATAL", "OFF"]).optional(),
      includeExecutionData: z.boolean().optional(),
      logDestination: z.string().optional(),
    })
    .optional(),
  tracingConfiguration: z.strictObject({ enabled: z.boolean() }).optional(),
});

function isDefinition(text: string): boolean {
  try {
    const { StartAt, States } = JSON.parse(text) as { readonly StartAt?: string; readonly States?: object };
    return StartAt !== undefined && StartAt in (States ?? {});
  } catch {
    return false;
  }
}

export const stateMachine = defineResource({
  token: "aws:sfn/stateMachine:StateMachine",
  nameInput: "name",
  replaceOn: ["name", "type"],
  inputs: INPUTS,
  async create(inputs, aws) {
    const { name, type, tags = {} } = inputs;
    const { stateMachineArn = "" } = await aws.stepFunctions.send(
      new CreateStateMachineCommand({
        ...machineOf(inputs),
        name,
        type,
        tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
      }),
    );
    return { id: stateMachineArn, outputs: await outputsOf(stateMachineArn, aws) };
  },
  read: outputsOf,
  async update(arn, inputs, { stepFunctions }) {
    await stepFunctions.send(new UpdateStateMachineCommand({ ...machineOf(inputs), stateMachineArn: arn }));
    return undefined;
  },
  remove: (arn, { stepFunctions }) => stepFunctions.send(new DeleteStateMachineCommand({ stateMachineArn: arn })),
});

function machineOf({
  definition,
  roleArn,
  loggingConfiguration: logging,
  tracingConfiguration,
}: z.output<typeof INPUTS>) {
  const destination = logging?.logDestination;
  return {
    definition,
    roleArn,
    tracingConfiguration,
    loggingConfiguration: logging && {
      level: logging.level,
      includeExecutionData: logging.includeExecutionData,
      destinations: destination === undefined ? [] : [{ cloudWatchLogsLogGroup: { logGroupArn: destination } }],
    },
  };
}

async function outputsOf(arn: string, { stepFunctions }: AwsAccount): Promise<Properties> {
  const { name, status } = await stepFunctions.send(new DescribeStateMachineCommand({ stateMachineArn: arn }));
  return { arn, name, status };
}

import {
  CreateEventSourceMappingCommand,
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  GetFunctionCommand,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import { GetQueueAttributesCommand, GetQueueUrlCommand } from "@aws-sdk/client-sqs";
import { z } from "zod";

import type { AwsAccount } from "../account.js";
import { capitalise } from "../capitalise.js";
import { COMMON_INPUTS, defineResource, type Properties } from "../resource-type.js";

const INPUTS = z
  .strictObject({
    ...COMMON_INPUTS,
    eventSourceArn: z.string().startsWith("arn:aws:sqs:"),
    functionName: z.string(),
    batchSize: z.number().int().min(1).max(10_000).optional(),
    maximumBatchingWindowInSeconds: z.number().int().min(0).max(300).optional(),
    enabled: z.boolean().optional(),
    functionResponseTypes: z.array(z.literal("ReportBatchItemFailures")).optional(),
    scalingConfig: z.strictObject({ maximumConcurrency: z.number().int().min(2).max(1_000) }).optional(),
    filterCriteria: z.strictObject({ filters: z.array(z.strictObject({ pattern: z.string() })) }).optional(),
    metricsConfig: z.strictObject({ metrics: z.array(z.string()) }).optional(),
  })
  .refine(
    ({ batchSize = 10, maximumBatchingWindowInSeconds = 0 }) => batchSize <= 10 || maximumBatchingWindowInSeconds > 0,
    {
      path: ["batchSize"],
      message: "above 10 needs a batching window of at least a second",
    },
  );

type Inputs = z.output<typeof INPUTS>;

/** The queue's side of Lambda. Refuses what Lambda refuses and the emulator takes. */
export const eventSourceMapping = defineResource({
  token: "aws:lambda/eventSourceMapping:EventSourceMapping",
  replaceOn: ["eventSourceArn"],
  inputs: INPUTS,
  async create(inputs, aws) {
    await refuseSecond(inputs, aws);
    await refuseShortVisibility(inputs, aws);
    const { tags: Tags, ...others } = inputs;
    const { UUID = "" } = await aws.lambda.send(new CreateEventSourceMappingCommand({ ...mappingOf(others), Tags }));
    return { id: UUID, outputs: await outputsOf(UUID, aws) };
  },
  read: outputsOf,
  async update(id, inputs, aws) {
    await refuseShortVisibility(inputs, aws);
    const { EventSourceArn: _, ...mapping } = mappingOf(inputs);
    await aws.lambda.send(new UpdateEventSourceMappingCommand({ UUID: id, ...mapping }));
    return undefined;
  },
  remove: (id, { lambda }) => lambda.send(new DeleteEventSourceMappingCommand({ UUID: id })),
});

function mappingOf(inputs: Inputs) {
  const { scalingConfig, filterCriteria } = inputs;
  return {
    EventSourceArn: inputs.eventSourceArn,
    FunctionName: inputs.functionName,
    BatchSize: inputs.batchSize ?? 10,
    MaximumBatchingWindowInSeconds: inputs.maximumBatchingWindowInSeconds ?? 0,
    Enabled: inputs.enabled ?? true,
    FunctionResponseTypes: inputs.functionResponseTypes ?? [],
    ScalingConfig: scalingConfig && capitalise(scalingConfig),
    FilterCriteria: filterCriteria && capitalise(filterCriteria),
  };
}

async function refuseSecond({ functionName, eventSourceArn }: Inputs, { lambda }: AwsAccount): Promise<void> {
  const command = new ListEventSourceMappingsCommand({ FunctionName: functionName, EventSourceArn: eventSourceArn });
  const [present] = (await lambda.send(command)).EventSourceMappings ?? [];
  if (present === undefined) return;
  throw new Error(
    `ResourceConflictException: An event source mapping with SQS arn (" ${eventSourceArn} ") and function ` +
      `(" ${functionName} ") already exists: ${present.UUID ?? ""}.`,
  );
}

/** Else a message is handed out again while its first run is still under way. */
async function refuseShortVisibility(
  { functionName, eventSourceArn }: Inputs,
  { lambda, sqs }: AwsAccount,
): Promise<void> {
  const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName: functionName }));
  const QueueName = eventSourceArn.split(":").at(-1);
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["VisibilityTimeout"] }),
  );
  const [visibility, timeout] = [Number(Attributes?.VisibilityTimeout), Configuration?.Timeout ?? 3];
  if (visibility >= timeout) return;
  throw new Error(
    `InvalidParameterValueException: Queue visibility timeout: ${visibility} seconds is less than Function timeout: ` +
      `${timeout} seconds`,
  );
}

async function outputsOf(id: string, { lambda }: AwsAccount): Promise<Properties> {
  const { UUID, FunctionArn, State } = await lambda.send(new GetEventSourceMappingCommand({ UUID: id }));
  return { uuid: UUID, functionArn: FunctionArn, state: State };
}

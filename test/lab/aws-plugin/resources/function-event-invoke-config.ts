import {
  DeleteFunctionEventInvokeConfigCommand,
  GetFunctionEventInvokeConfigCommand,
  PutFunctionEventInvokeConfigCommand,
} from "@aws-sdk/client-lambda";
import { z } from "zod";

import type { AwsAccount } from "../account.js";
import { capitalise } from "../capitalise.js";
import { COMMON_INPUTS, defineResource } from "../resource-type.js";

const DESTINATION = z.strictObject({ destination: z.string().startsWith("arn:") });

const INPUTS = z.strictObject({
  region: COMMON_INPUTS.region,
  functionName: z.string(),
  maximumEventAgeInSeconds: z.number().int().min(60).max(21_600).optional(),
  maximumRetryAttempts: z.number().int().min(0).max(2).optional(),
  destinationConfig: z
    .strictObject({ onFailure: DESTINATION.optional(), onSuccess: DESTINATION.optional() })
    .optional(),
});

export const functionEventInvokeConfig = defineResource({
  token: "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
  replaceOn: ["functionName"],
  inputs: INPUTS,
  async create(inputs, aws) {
    await put(inputs, aws);
    return { id: inputs.functionName, outputs: {} };
  },
  async read(functionName, { lambda }) {
    await lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName: functionName }));
    return {};
  },
  async update(_id, inputs, aws) {
    await put(inputs, aws);
    return {};
  },
  remove: (functionName, { lambda }) =>
    lambda.send(new DeleteFunctionEventInvokeConfigCommand({ FunctionName: functionName })),
});

const put = ({ region: _, ...config }: z.output<typeof INPUTS>, { lambda }: AwsAccount) =>
  lambda.send(new PutFunctionEventInvokeConfigCommand(capitalise(config)));

import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  GetFunctionCommand,
  PutFunctionConcurrencyCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionActiveV2,
} from "@aws-sdk/client-lambda";
import { z } from "zod";

import type { AwsAccount } from "../account.js";
import { archive, zipOf } from "../archive.js";
import { capitalise } from "../capitalise.js";
import { COMMON_INPUTS, defineResource, type Properties } from "../resource-type.js";

/** Lambda sets these itself and refuses them from anybody else. */
const RESERVED =
  /^(AWS_REGION|AWS_DEFAULT_REGION|AWS_ACCESS_KEY|AWS_ACCESS_KEY_ID|AWS_SECRET_ACCESS_KEY|AWS_SESSION_TOKEN|AWS_LAMBDA_.*|_HANDLER|_X_AMZN_TRACE_ID|LAMBDA_(TASK_ROOT|RUNTIME_DIR))$/;
const VARIABLES_MAX_BYTES = 4_096;

const VARIABLES = z
  .record(z.string().regex(/^[a-zA-Z]\w+$/), z.string())
  .refine((variables) => !Object.keys(variables).some((name) => RESERVED.test(name)), "has a name that Lambda reserves")
  .refine((variables) => Buffer.byteLength(JSON.stringify(variables)) <= VARIABLES_MAX_BYTES, "is larger than 4 KB");

const INPUTS = z.strictObject({
  ...COMMON_INPUTS,
  name: z.string().regex(/^[\w-]{1,64}$/, "must be 1 to 64 letters, digits, - and _"),
  description: z.string().max(256).optional(),
  role: z.string().startsWith("arn:"),
  runtime: z.string().regex(/^nodejs\d+\.x$/, "must be a Node.js runtime"),
  handler: z.string().max(128),
  code: archive,
  sourceCodeHash: z.string().optional(),
  timeout: z.number().int().min(1).max(900).optional(),
  memorySize: z.number().int().min(128).max(10_240).optional(),
  architectures: z
    .array(z.enum(["x86_64", "arm64"]))
    .length(1)
    .optional(),
  environment: z.strictObject({ variables: VARIABLES.optional() }).optional(),
  reservedConcurrentExecutions: z.number().int().min(-1).optional(),
  deadLetterConfig: z.strictObject({ targetArn: z.string() }).optional(),
  ephemeralStorage: z.strictObject({ size: z.number().int().min(512).max(10_240) }).optional(),
  kmsKeyArn: z.string().optional(),
  layers: z.array(z.string()).max(5).optional(),
  loggingConfig: z
    .strictObject({
      logFormat: z.enum(["JSON", "Text"]),
      logGroup: z.string().optional(),
      applicationLogLevel: z.enum(["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"]).optional(),
      systemLogLevel: z.enum(["DEBUG", "INFO", "WARN"]).optional(),
    })
    .optional(),
  tracingConfig: z.strictObject({ mode: z.enum(["Active", "PassThrough"]) }).optional(),
  vpcConfig: z.strictObject({ subnetIds: z.array(z.string()), securityGroupIds: z.array(z.string()) }).optional(),
});

type Inputs = z.output<typeof INPUTS>;

export const lambdaFunction = defineResource({
  token: "aws:lambda/function:Function",
  nameInput: "name",
  replaceOn: ["name"],
  inputs: INPUTS,
  async create(inputs, aws) {
    const { architectures: Architectures, tags: Tags } = inputs;
    const Code = { ZipFile: await zipOf(inputs.code) };
    await aws.lambda.send(new CreateFunctionCommand({ ...configurationOf(inputs), Code, Architectures, Tags }));
    await waitUntilFunctionActiveV2({ client: aws.lambda, maxWaitTime: 30 }, { FunctionName: inputs.name });
    await applyConcurrency(inputs, aws);
    return { id: inputs.name, outputs: await outputsOf(inputs.name, aws) };
  },
  read: outputsOf,
  async update(name, inputs, aws) {
    const { architectures: Architectures } = inputs;
    await aws.lambda.send(new UpdateFunctionConfigurationCommand(configurationOf(inputs)));
    const ZipFile = await zipOf(inputs.code);
    await aws.lambda.send(new UpdateFunctionCodeCommand({ FunctionName: name, ZipFile, Architectures }));
    await applyConcurrency(inputs, aws);
    return undefined;
  },
  remove: (name, { lambda }) => lambda.send(new DeleteFunctionCommand({ FunctionName: name })),
});

function configurationOf(inputs: Inputs) {
  const { deadLetterConfig, ephemeralStorage, loggingConfig, tracingConfig, vpcConfig } = inputs;
  return {
    FunctionName: inputs.name,
    Description: inputs.description,
    Role: inputs.role,
    Runtime: inputs.runtime as "nodejs24.x",
    Handler: inputs.handler,
    Timeout: inputs.timeout ?? 3,
    MemorySize: inputs.memorySize ?? 128,
    Environment: { Variables: inputs.environment?.variables ?? {} },
    KMSKeyArn: inputs.kmsKeyArn,
    Layers: inputs.layers,
    DeadLetterConfig: deadLetterConfig && capitalise(deadLetterConfig),
    EphemeralStorage: ephemeralStorage && capitalise(ephemeralStorage),
    LoggingConfig: loggingConfig && capitalise(loggingConfig),
    TracingConfig: tracingConfig && capitalise(tracingConfig),
    VpcConfig: vpcConfig && capitalise(vpcConfig),
  };
}

/** -1 and none mean the same: as much as the account has. */
async function applyConcurrency({ name, reservedConcurrentExecutions: reserved = -1 }: Inputs, { lambda }: AwsAccount) {
  if (reserved < 0) await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName: name }));
  else
    await lambda.send(
      new PutFunctionConcurrencyCommand({ FunctionName: name, ReservedConcurrentExecutions: reserved }),
    );
}

async function outputsOf(name: string, { lambda, region }: AwsAccount): Promise<Properties> {
  const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName: name }));
  const arn = Configuration?.FunctionArn ?? "";
  const version = Configuration?.Version ?? "$LATEST";
  return {
    name,
    arn,
    version,
    qualifiedArn: `${arn}:${version}`,
    invokeArn: `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${arn}/invocations`,
  };
}

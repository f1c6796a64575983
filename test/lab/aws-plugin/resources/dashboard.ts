import { DeleteDashboardsCommand, GetDashboardCommand, PutDashboardCommand } from "@aws-sdk/client-cloudwatch";
import { z } from "zod";

import type { AwsAccount } from "../account.js";
import { COMMON_INPUTS, defineResource, type Properties } from "../resource-type.js";

/** Columns of CloudWatch's grid. */
const COLUMNS = 24;

const WIDGET = z
  .looseObject({
    type: z.enum(["metric", "text", "log", "alarm", "explorer", "custom"]),
    x: z
      .number()
      .int()
      .min(0)
      .max(COLUMNS - 1)
      .optional(),
    y: z.number().int().min(0).optional(),
    width: z.number().int().min(1).max(COLUMNS).optional(),
    height: z.number().int().min(1).max(1_000).optional(),
    properties: z.looseObject({}),
  })
  .refine(({ x = 0, width = 6 }) => x + width <= COLUMNS, `goes beyond the grid of ${COLUMNS} columns`)
  .refine(({ type, properties }) => type !== "text" || typeof properties["markdown"] === "string", "has no markdown")
  .refine(({ type, properties }) => type !== "alarm" || Array.isArray(properties["alarms"]), "names no alarms")
  .refine(
    ({ type, properties }) => type !== "metric" || ["metrics", "annotations"].some((key) => key in properties),
    "shows no metrics",
  )
  .refine(({ type, properties }) => type !== "metric" || typeof properties["region"] === "string", "names no region");

const BODY = z.looseObject({ widgets: z.array(WIDGET).max(500) });

/** The body is free text to the emulator; CloudWatch refuses what it cannot show. */
const dashboardBody = z.string().superRefine((text, context) => {
  const { error } = BODY.safeParse(parsed(text));
  for (const { path, message } of error?.issues ?? [])
    context.addIssue({ code: "custom", message: `InvalidParameterInput: ${path.join(".")} ${message}` });
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const INPUTS = z.strictObject({
  region: COMMON_INPUTS.region,
  dashboardName: z.string().regex(/^[\w-]{1,255}$/),
  dashboardBody,
});

export const dashboard = defineResource({
  token: "aws:cloudwatch/dashboard:Dashboard",
  nameInput: "dashboardName",
  replaceOn: ["dashboardName"],
  inputs: INPUTS,
  async create(inputs, aws) {
    await put(inputs, aws);
    return { id: inputs.dashboardName, outputs: await outputsOf(inputs.dashboardName, aws) };
  },
  read: outputsOf,
  async update(_name, inputs, aws) {
    await put(inputs, aws);
    return undefined;
  },
  remove: (name, { cloudWatch }) => cloudWatch.send(new DeleteDashboardsCommand({ DashboardNames: [name] })),
});

const put = ({ dashboardName, dashboardBody: body }: z.output<typeof INPUTS>, { cloudWatch }: AwsAccount) =>
  cloudWatch.send(new PutDashboardCommand({ DashboardName: dashboardName, DashboardBody: body }));

async function outputsOf(name: string, { cloudWatch }: AwsAccount): Promise<Properties> {
  const { DashboardArn } = await cloudWatch.send(new GetDashboardCommand({ DashboardName: name }));
  return { dashboardArn: DashboardArn };
}

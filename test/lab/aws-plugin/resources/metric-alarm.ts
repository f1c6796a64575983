import { DeleteAlarmsCommand, DescribeAlarmsCommand, PutMetricAlarmCommand } from "@aws-sdk/client-cloudwatch";
import { z } from "zod";

import type { AwsAccount } from "../account.js";
import { COMMON_INPUTS, defineResource, type Properties } from "../resource-type.js";
import { tagList } from "../tags.js";

const DAY_SECONDS = 86_400;
const period = z
  .number()
  .refine((seconds) => [10, 20, 30].includes(seconds) || seconds % 60 === 0, "must be 10, 20, 30 or whole minutes");
const dimensions = z.record(z.string(), z.string()).optional();
const actions = z.array(z.string().startsWith("arn:")).max(5).optional();

const METRIC = z.strictObject({
  metricName: z.string(),
  namespace: z.string(),
  dimensions,
  period,
  stat: z.string(),
  unit: z.string().optional(),
});
const QUERY = z.strictObject({
  id: z.string().regex(/^[a-z]\w*$/),
  expression: z.string().optional(),
  label: z.string().optional(),
  period: period.optional(),
  returnData: z.boolean().optional(),
  metric: METRIC.optional(),
});

const INPUTS = z
  .strictObject({
    ...COMMON_INPUTS,
    name: z.string().max(255),
    alarmDescription: z.string().max(1_024).optional(),
    comparisonOperator: z.enum([
      "GreaterThanOrEqualToThreshold",
      "GreaterThanThreshold",
      "LessThanThreshold",
      "LessThanOrEqualToThreshold",
    ]),
    evaluationPeriods: z.number().int().min(1),
    datapointsToAlarm: z.number().int().min(1).optional(),
    threshold: z.number(),
    metricName: z.string().optional(),
    namespace: z.string().optional(),
    dimensions,
    period: period.optional(),
    statistic: z.enum(["SampleCount", "Average", "Sum", "Minimum", "Maximum"]).optional(),
    extendedStatistic: z.string().optional(),
    unit: z.string().optional(),
    metricQueries: z.array(QUERY).max(20).optional(),
    treatMissingData: z.enum(["breaching", "notBreaching", "ignore", "missing"]).optional(),
    actionsEnabled: z.boolean().optional(),
    alarmActions: actions,
    okActions: actions,
    insufficientDataActions: actions,
  })
  .superRefine((inputs, context) => {
    for (const message of problemsOf(inputs)) context.addIssue({ code: "custom", message });
  });

type Inputs = z.output<typeof INPUTS>;

function problemsOf(inputs: Inputs): readonly string[] {
  const { metricName, metricQueries: queries, evaluationPeriods, datapointsToAlarm = 1, statistic } = inputs;
  const seconds = inputs.period ?? queries?.find(({ metric }) => metric)?.metric?.period ?? 60;
  const returning = queries?.filter(({ returnData }) => returnData === true).length ?? 1;
  const problems = {
    "An alarm has either a metric or queries, not both and not none":
      (metricName === undefined) === (queries === undefined),
    "A metric needs its namespace, period and statistic":
      metricName !== undefined &&
      (!inputs.namespace || !inputs.period || (statistic === undefined) === (inputs.extendedStatistic === undefined)),
    "Exactly one query returns the data that is compared": returning !== 1,
    "A query is either a metric or an expression":
      queries?.some((query) => !query.metric === !query.expression) ?? false,
    "More datapoints than periods": datapointsToAlarm > evaluationPeriods,
    "Periods of an alarm may not span more than a day": evaluationPeriods * seconds > DAY_SECONDS,
  };
  return Object.entries(problems).flatMap(([problem, isSo]) => (isSo ? [problem] : []));
}

export const metricAlarm = defineResource({
  token: "aws:cloudwatch/metricAlarm:MetricAlarm",
  nameInput: "name",
  replaceOn: ["name"],
  inputs: INPUTS,
  async create(inputs, aws) {
    await put(inputs, aws);
    return { id: inputs.name, outputs: (await outputsOf(inputs.name, aws)) ?? {} };
  },
  read: outputsOf,
  async update(_name, inputs, aws) {
    await put(inputs, aws);
    return undefined;
  },
  remove: (name, { cloudWatch }) => cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: [name] })),
});

const dimensionList = (given: z.output<typeof dimensions>) =>
  given && Object.entries(given).map(([Name, Value]) => ({ Name, Value }));

const put = (inputs: Inputs, { cloudWatch }: AwsAccount) =>
  cloudWatch.send(
    new PutMetricAlarmCommand({
      AlarmName: inputs.name,
      AlarmDescription: inputs.alarmDescription,
      ComparisonOperator: inputs.comparisonOperator,
      EvaluationPeriods: inputs.evaluationPeriods,
      DatapointsToAlarm: inputs.datapointsToAlarm,
      Threshold: inputs.threshold,
      MetricName: inputs.metricName,
      Namespace: inputs.namespace,
      Dimensions: dimensionList(inputs.dimensions),
      Period: inputs.period,
      Statistic: inputs.statistic,
      ExtendedStatistic: inputs.extendedStatistic,
      Unit: inputs.unit as "Count" | undefined,
      Metrics: inputs.metricQueries?.map(queryOf),
      TreatMissingData: inputs.treatMissingData,
      ActionsEnabled: inputs.actionsEnabled,
      AlarmActions: inputs.alarmActions,
      OKActions: inputs.okActions,
      InsufficientDataActions: inputs.insufficientDataActions,
      Tags: tagList(inputs.tags),
    }),
  );

const queryOf = ({ id, expression, label, period: Period, returnData = false, metric }: z.output<typeof QUERY>) => ({
  Id: id,
  Expression: expression,
  Label: label,
  Period,
  ReturnData: returnData,
  MetricStat: metric && {
    Metric: {
      MetricName: metric.metricName,
      Namespace: metric.namespace,
      Dimensions: dimensionList(metric.dimensions),
    },
    Period: metric.period,
    Stat: metric.stat,
    Unit: metric.unit as "Count" | undefined,
  },
});

async function outputsOf(name: string, { cloudWatch }: AwsAccount): Promise<Properties | undefined> {
  const { MetricAlarms = [] } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: [name] }));
  return MetricAlarms[0] && { name, arn: MetricAlarms[0].AlarmArn };
}

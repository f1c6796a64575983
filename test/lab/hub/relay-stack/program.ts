/** The smallest thing of the hub's shape: schedule, function, queue, function, a role of another account, a table. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
const bundles = config.require("bundles");
const timeout = config.getNumber("timeout") ?? 10;
const visibilityTimeoutSeconds = config.getNumber("visibility") ?? 10;

const identity = await aws.getCallerIdentity({});
const { region } = await aws.getRegion({});

const role = new aws.iam.Role("relay", {
  assumeRolePolicy: {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } }],
  },
});
const policy = new aws.iam.RolePolicy("relay", {
  role: role.name,
  policy: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" }] },
});

const table = new aws.dynamodb.Table("seen", {
  billingMode: "PAY_PER_REQUEST",
  hashKey: "pk",
  attributes: [{ name: "pk", type: "S" }],
  ttl: { attributeName: "expiresAt", enabled: true },
  pointInTimeRecovery: { enabled: true },
});

const dead = new aws.sqs.Queue("dead", { messageRetentionSeconds: 86_400 });
const queue = new aws.sqs.Queue("work", {
  visibilityTimeoutSeconds,
  redrivePolicy: pulumi.jsonStringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 1 }),
});
new aws.sqs.RedriveAllowPolicy("dead", {
  queueUrl: dead.url,
  redriveAllowPolicy: pulumi.jsonStringify({ redrivePermission: "byQueue", sourceQueueArns: [queue.arn] }),
});

function relayFunction(name: string, variables: Record<string, pulumi.Input<string>>): aws.lambda.Function {
  const logs = new aws.cloudwatch.LogGroup(name, { name: `/aws/lambda/relay-${name}`, retentionInDays: 7 });
  return new aws.lambda.Function(name, {
    name: `relay-${name}`,
    role: role.arn,
    runtime: "nodejs24.x",
    handler: "index.handler",
    code: new pulumi.asset.FileArchive(`${bundles}/${name}`),
    timeout,
    memorySize: 256,
    environment: { variables },
    loggingConfig: { logFormat: "Text", logGroup: logs.name },
  });
}

const tick = relayFunction("tick", { QUEUE_URL: queue.url });
const work = relayFunction("work", { TABLE: table.name, SPOKE_ROLE: config.require("spokeRole") });
new aws.lambda.FunctionEventInvokeConfig("tick", { functionName: tick.name, maximumRetryAttempts: 0 });
const mapping = (name: string) =>
  new aws.lambda.EventSourceMapping(name, {
    eventSourceArn: queue.arn,
    functionName: work.arn,
    batchSize: config.getNumber("batchSize") ?? 10,
    functionResponseTypes: ["ReportBatchItemFailures"],
    scalingConfig: { maximumConcurrency: 2 },
  });
const first = mapping("work");
if (config.getBoolean("twice") === true) {
  new aws.lambda.EventSourceMapping(
    "again",
    { eventSourceArn: queue.arn, functionName: work.arn },
    { dependsOn: [first] },
  );
}

const group = new aws.scheduler.ScheduleGroup("relay", {});
new aws.scheduler.Schedule(
  "tick",
  {
    groupName: group.name,
    scheduleExpression: "rate(1 minute)",
    scheduleExpressionTimezone: "UTC",
    flexibleTimeWindow: { mode: "OFF" },
    target: { arn: tick.arn, roleArn: role.arn, input: JSON.stringify({ partition: 0 }) },
  },
  { dependsOn: [policy] },
);

const topic = new aws.sns.Topic("news", {});
new aws.cloudwatch.EventBus("news", {});
const alarm = new aws.cloudwatch.MetricAlarm("dead-letters", {
  comparisonOperator: "GreaterThanThreshold",
  evaluationPeriods: 1,
  threshold: 0,
  namespace: "AWS/SQS",
  metricName: "ApproximateNumberOfMessagesVisible",
  dimensions: { QueueName: dead.name },
  period: 60,
  statistic: "Maximum",
  alarmActions: [topic.arn],
});
new aws.cloudwatch.Dashboard("relay", {
  dashboardName: "relay",
  dashboardBody: pulumi.jsonStringify({
    widgets: [{ type: "alarm", width: 24, properties: { alarms: [alarm.arn] } }],
  }),
});

export const tableName = table.name;
export const queueUrl = queue.url;
export const deadUrl = dead.url;
export const workName = work.name;
export const account = identity.accountId;
export { region };

import assert from "node:assert/strict";

import { createAwsProvider } from "./provider.js";
import type { Properties } from "./resource-type.js";

const ARN = "arn:aws:iam::123456789012:role/tick";
const SCHEDULE = {
  scheduleExpression: "rate(1 minute)",
  flexibleTimeWindow: { mode: "OFF" },
  target: { arn: "arn:aws:lambda:eu-west-1:123456789012:function:tick", roleArn: ARN },
};
const TABLE = {
  billingMode: "PAY_PER_REQUEST",
  hashKey: "pk",
  attributes: [
    { name: "pk", type: "S" },
    { name: "due", type: "N" },
  ],
  globalSecondaryIndexes: [{ name: "due", hashKey: "due", projectionType: "ALL" }],
};
const ALARM = {
  comparisonOperator: "GreaterThanThreshold",
  evaluationPeriods: 1,
  threshold: 0,
  namespace: "AWS/SQS",
  metricName: "ApproximateAgeOfOldestMessage",
  period: 60,
  statistic: "Maximum",
};
const QUERIES = {
  comparisonOperator: "GreaterThanThreshold",
  evaluationPeriods: 5,
  threshold: 1,
  metricQueries: [{ id: "share", expression: "100 * 1", returnData: true }],
};
const FUNCTION = { role: ARN, runtime: "nodejs24.x", handler: "index.handler", code: { path: "bundle" } };
const MAPPING = { eventSourceArn: "arn:aws:sqs:eu-west-1:123456789012:work", functionName: "work" };

const urn = (token: string, name = "it"): string => `urn:pulumi:lab::curfew::curfew:index:Hub$${token}::${name}`;

describe("the stand-in for the AWS provider", () => {
  const provider = createAwsProvider();

  async function problemsOf(token: string, inputs: Properties): Promise<string> {
    const { failures = [] } = await provider.check!(urn(token), {}, inputs);
    return failures.map(({ property, reason }) => `${property} ${reason}`.trim()).join("\n");
  }

  for (const [token, inputs] of [
    ["aws:scheduler/schedule:Schedule", SCHEDULE],
    ["aws:scheduler/schedule:Schedule", { ...SCHEDULE, scheduleExpression: "cron(0/15 8-18 ? * MON-FRI *)" }],
    ["aws:scheduler/schedule:Schedule", { ...SCHEDULE, scheduleExpression: "cron(0 8 L * ? 2027)" }],
    ["aws:scheduler/schedule:Schedule", { ...SCHEDULE, scheduleExpression: "at(2027-03-28T02:30:00)" }],
    ["aws:dynamodb/table:Table", TABLE],
    ["aws:cloudwatch/metricAlarm:MetricAlarm", ALARM],
    ["aws:cloudwatch/metricAlarm:MetricAlarm", QUERIES],
    ["aws:lambda/function:Function", FUNCTION],
    ["aws:lambda/eventSourceMapping:EventSourceMapping", MAPPING],
  ] as const) {
    it(`takes a ${token.split(":")[2]} as AWS does: ${JSON.stringify(inputs).slice(0, 60)}`, async () => {
      assert.equal(await problemsOf(token, inputs), "");
    });
  }

  const REFUSED: readonly (readonly [what: string, token: string, inputs: Properties, why: RegExp])[] = [
    ["a type that it does not have", "aws:s3/bucket:Bucket", {}, /has no aws:s3\/bucket:Bucket\. It has: aws:/],
    ["an input that it would not apply", "aws:sqs/queue:Queue", { fifoQueue: true }, /does not apply fifoQueue/],
    ["one rate in the plural", ...scheduled("rate(1 minutes)"), /singular/],
    ["many rates in the singular", ...scheduled("rate(5 minute)"), /plural/],
    ["seconds", ...scheduled("rate(30 seconds)"), /neither/],
    ["cron with both days", ...scheduled("cron(0 8 1 * MON *)"), /must be \?/],
    ["cron with five fields", ...scheduled("cron(0 8 * * *)"), /six fields, this one has 5/],
    ["the 25th hour", ...scheduled("cron(0 25 * * ? *)"), /cannot read 25/],
    [
      "a zone that is none",
      "aws:scheduler/schedule:Schedule",
      { ...SCHEDULE, scheduleExpressionTimezone: "CET5" },
      /no zone/,
    ],
    [
      "a window without minutes",
      "aws:scheduler/schedule:Schedule",
      { ...SCHEDULE, flexibleTimeWindow: { mode: "FLEXIBLE" } },
      /needs minutes/,
    ],
    [
      "a table with an attribute that is no key",
      "aws:dynamodb/table:Table",
      { ...TABLE, globalSecondaryIndexes: [] },
      /differs in due/,
    ],
    [
      "a concurrency of one",
      "aws:lambda/eventSourceMapping:EventSourceMapping",
      { ...MAPPING, scalingConfig: { maximumConcurrency: 1 } },
      />=2/,
    ],
    [
      "a large batch without a window",
      "aws:lambda/eventSourceMapping:EventSourceMapping",
      { ...MAPPING, batchSize: 50 },
      /window/,
    ],
    ["a variable that Lambda reserves", "aws:lambda/function:Function", withVariables({ AWS_REGION: "x" }), /reserves/],
    [
      "4 KB of environment",
      "aws:lambda/function:Function",
      withVariables({ BIG: "x".repeat(4_096) }),
      /larger than 4 KB/,
    ],
    ["a dashboard that is no JSON", ...shown("{"), /InvalidParameterInput/],
    [
      "a widget of no known type",
      ...shown(JSON.stringify({ widgets: [{ type: "pie", properties: {} }] })),
      /InvalidParameterInput: widgets\.0\.type/,
    ],
    [
      "a widget beyond the grid",
      ...shown(JSON.stringify({ widgets: [{ type: "text", x: 20, width: 6, properties: { markdown: "" } }] })),
      /beyond the grid/,
    ],
    [
      "an alarm on nothing",
      "aws:cloudwatch/metricAlarm:MetricAlarm",
      { ...QUERIES, metricQueries: undefined },
      /either a metric or queries/,
    ],
    [
      "an alarm over two days",
      "aws:cloudwatch/metricAlarm:MetricAlarm",
      { ...ALARM, period: 3_600, evaluationPeriods: 48 },
      /more than a day/,
    ],
    [
      "an alarm whose queries return nothing",
      "aws:cloudwatch/metricAlarm:MetricAlarm",
      { ...QUERIES, metricQueries: [{ id: "a", expression: "1" }] },
      /Exactly one query/,
    ],
    [
      "a policy without statements",
      "aws:iam/rolePolicy:RolePolicy",
      { role: "r", policy: '{"Version":"2012-10-17"}' },
      /no policy/,
    ],
    [
      "a retention that Logs does not offer",
      "aws:cloudwatch/logGroup:LogGroup",
      { retentionInDays: 8 },
      /none of the retentions/,
    ],
  ];
  for (const [what, token, inputs, why] of REFUSED) {
    it(`refuses ${what}`, async () => assert.match(await problemsOf(token, inputs), why));
  }

  it("names what the program does not name, once", async () => {
    const token = "aws:sqs/queue:Queue";
    const { inputs: first } = (await provider.check!(urn(token, "work"), {}, {})) as { inputs: Properties };
    assert.match(first["name"] as string, /^work-[0-9a-f]{7}$/);
    const { inputs: second } = (await provider.check!(urn(token, "work"), first, {})) as { inputs: Properties };
    assert.deepEqual(second, first);
  });

  it("says nothing of what a preview cannot know", async () => {
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    assert.equal(await problemsOf("aws:sqs/queue:Queue", { redrivePolicy: unknown }), "");
  });

  it("takes the same code at another path for no change, and another name for a new resource", async () => {
    const token = "aws:lambda/function:Function";
    const code = (path: string) => ({
      "4dabf18193072939515e22adb298388d": "0def7320c3a5731c473e5ecbe6d01bc7",
      hash: "a1",
      path,
    });
    const before = { ...FUNCTION, name: "work", code: code("here") };
    const differ = (news: Properties) => provider.diff!("work", urn(token), { ...before, __inputs: before }, news);
    assert.equal((await differ({ ...before, code: code("there") })).changes, false);
    const renamed = await differ({ ...before, name: "worker" });
    assert.deepEqual([renamed.changes, renamed.replaces, renamed.deleteBeforeReplace], [true, ["name"], false]);
    const slower = await differ({ ...before, timeout: 60 });
    assert.deepEqual([slower.changes, slower.replaces], [true, []]);
  });
});

function scheduled(scheduleExpression: string): readonly [string, Properties] {
  return ["aws:scheduler/schedule:Schedule", { ...SCHEDULE, scheduleExpression }];
}

function shown(dashboardBody: string): readonly [string, Properties] {
  return ["aws:cloudwatch/dashboard:Dashboard", { dashboardBody }];
}

function withVariables(variables: Readonly<Record<string, string>>): Properties {
  return { ...FUNCTION, environment: { variables } };
}

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import type { Hub as HubClass } from "../../components/index.js";
import { parseHubEnvironment } from "../../runtime/lambda/environment.js";
import { packagePath } from "../lab/package-path.js";
import { ACCOUNT, arnOf, ofType, recordStack, theOne, type Registered } from "./record-stack.js";
import { json, statements, type Json } from "./statements.js";

const QUEUE = "aws:sqs/queue:Queue";
const FUNCTION = "aws:lambda/function:Function";
const MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping";
const SCHEDULE = "aws:scheduler/schedule:Schedule";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const POLICY = "aws:iam/rolePolicy:RolePolicy";
const MACHINE = "aws:sfn/stateMachine:StateMachine";

const ROLES = ["planner", "tick", "worker", "campaign", "campaigns"];

describe("the hub", function () {
  // Loading the AWS package takes its time on a busy computer.
  this.timeout(120_000);

  let hub: readonly Registered[];
  let made: HubClass;

  before(async () => {
    const { Hub } = await import("../../components/index.js");
    hub = await recordStack("hub", () => {
      made = new Hub("curfew", { region: "eu-west-1", shards: 2, partitions: 2, workers: { maximumConcurrency: 30 } });
    });
  });

  it("is exactly these resources", () => {
    assert.deepEqual(
      hub
        .filter(({ isCustom }) => isCustom)
        .map(({ type, name }) => `${type} ${name}`)
        .toSorted(),
      [
        "aws:cloudwatch/dashboard:Dashboard curfew-dashboard",
        "aws:cloudwatch/eventBus:EventBus curfew",
        ...["campaign", "planner-0", "planner-1", "worker-0", "worker-1"].map(
          (name) => `aws:cloudwatch/logGroup:LogGroup curfew-${name}`,
        ),
        ...[
          "convergence-lag",
          "open-circuits",
          "past-target",
          "planner-0-errors",
          "planner-0-heartbeat",
          "planner-1-errors",
          "planner-1-heartbeat",
          "ticks-dead",
          "work-0-age",
          "work-0-dead",
          "work-0-depth",
          "work-1-age",
          "work-1-dead",
          "work-1-depth",
          "worker-0-errors",
          "worker-1-errors",
        ].map((name) => `${ALARM} curfew-${name}`),
        "aws:dynamodb/table:Table curfew-fleet",
        ...ROLES.map((name) => `aws:iam/role:Role curfew-${name}-eu-west-1`),
        ...ROLES.map((name) => `${POLICY} curfew-${name}-eu-west-1`),
        `${MAPPING} curfew-worker-0`,
        `${MAPPING} curfew-worker-1`,
        ...["campaign", "planner-0", "planner-1", "worker-0", "worker-1"].map((name) => `${FUNCTION} curfew-${name}`),
        "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig curfew-planner-0",
        "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig curfew-planner-1",
        `${SCHEDULE} curfew-tick-0`,
        `${SCHEDULE} curfew-tick-1`,
        "aws:scheduler/scheduleGroup:ScheduleGroup curfew",
        `${MACHINE} curfew-campaigns`,
        "aws:sns/topic:Topic curfew-announcements",
        ...["ticks-dead", "work-0", "work-0-dead", "work-1", "work-1-dead"].map((name) => `${QUEUE} curfew-${name}`),
        "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy curfew-work-0-dead",
        "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy curfew-work-1-dead",
      ].toSorted(),
    );
  });

  it("tells where its state is before anything exists", () => {
    assert.equal(made.state, "dynamodb://eu-west-1/curfew-fleet?shards=16");
  });

  it("keeps a table that is on demand, recoverable and not to be deleted", () => {
    const table = theOne(hub, "aws:dynamodb/table:Table", "curfew-fleet");
    assert.equal(table["name"], "curfew-fleet");
    assert.equal(table["billingMode"], "PAY_PER_REQUEST");
    assert.deepEqual([table["hashKey"], table["rangeKey"]], ["pk", "sk"]);
    assert.deepEqual(table["pointInTimeRecovery"], { enabled: true });
    assert.deepEqual(table["ttl"], { enabled: true, attributeName: "purgeAtSeconds" });
    assert.equal(table["deletionProtectionEnabled"], true);
    assert.equal(table["serverSideEncryption"], undefined);
    assert.equal(table["warmThroughput"], undefined);
    assert.deepEqual((table["globalSecondaryIndexes"] as readonly Json[])[0], {
      name: "due",
      keySchemas: [
        { attributeName: "dueShard", keyType: "HASH" },
        { attributeName: "dueAt", keyType: "RANGE" },
      ],
      projectionType: "ALL",
    });
  });

  it("declares an attribute for each key of the table and its indexes, and for nothing else", () => {
    const table = theOne(hub, "aws:dynamodb/table:Table", "curfew-fleet");
    const indexes = table["globalSecondaryIndexes"] as readonly { keySchemas: readonly { attributeName: string }[] }[];
    const keys = ["pk", "sk", ...indexes.flatMap(({ keySchemas }) => keySchemas.map((key) => key.attributeName))];
    const declared = (table["attributes"] as readonly { name: string }[]).map(({ name }) => name);
    assert.deepEqual(declared.toSorted(), [...new Set(keys)].toSorted());
  });

  it("shows unfinished work again after six time-outs, and gives it up after five deliveries", () => {
    for (const shard of [0, 1]) {
      const queue = theOne(hub, QUEUE, `curfew-work-${shard}`);
      const worker = theOne(hub, FUNCTION, `curfew-worker-${shard}`);
      assert.equal(queue["visibilityTimeoutSeconds"], 6 * Number(worker["timeout"]));
      assert.deepEqual(json(queue["redrivePolicy"]), {
        deadLetterTargetArn: arnOf("sqs", `curfew-work-${shard}-dead`),
        maxReceiveCount: 5,
      });
    }
  });

  it("takes dead letters back into the queue that they came from, and into no other", () => {
    const allowed = theOne(hub, "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy", "curfew-work-1-dead");
    assert.deepEqual(json(allowed["redriveAllowPolicy"]), {
      redrivePermission: "byQueue",
      sourceQueueArns: [arnOf("sqs", "curfew-work-1")],
    });
  });

  it("encrypts every queue", () => {
    assert.deepEqual([...new Set(ofType(hub, QUEUE).map(({ inputs }) => inputs["sqsManagedSseEnabled"]))], [true]);
  });

  it("runs on arm64, keeps logs for a month, and tells its functions where everything is", () => {
    const worker = theOne(hub, FUNCTION, "curfew-worker-1");
    assert.deepEqual(
      [worker["architectures"], worker["runtime"], worker["handler"]],
      [["arm64"], "nodejs24.x", "index.handler"],
    );
    assert.equal(theOne(hub, "aws:cloudwatch/logGroup:LogGroup", "curfew-worker-1")["retentionInDays"], 30);
    assert.deepEqual(worker["loggingConfig"], { logFormat: "Text", logGroup: "/aws/lambda/curfew-worker-1" });
    const queueUrl = (shard: number) => `https://sqs.eu-west-1.amazonaws.com/${ACCOUNT}/curfew-work-${shard}`;
    assert.deepEqual(worker["environment"], {
      variables: {
        CURFEW_TABLE: "curfew-fleet",
        CURFEW_SHARDS: "16",
        CURFEW_PARTITIONS: "2",
        CURFEW_QUEUE_URLS: JSON.stringify([queueUrl(0), queueUrl(1)]),
        CURFEW_QUEUE_ASSIGNMENT: "hash",
        CURFEW_RECHECK_SECONDS: "3600",
        CURFEW_RETRY_AFTER_SECONDS: "900",
        CURFEW_HORIZON_SECONDS: "1800",
        CURFEW_TOPIC_ARN: arnOf("sns", "curfew-announcements"),
        CURFEW_BUS_NAME: "curfew",
        CURFEW_ANNOUNCE_SUCCESS: "false",
        CURFEW_SUMMARY_HOUR: "6",
      },
    });
  });

  it("tells its functions all that they read, in words that they understand, under the name that alarms go by", async () => {
    for (const name of ["curfew-planner-1", "curfew-worker-0"]) {
      const { variables } = theOne(hub, FUNCTION, name)["environment"] as {
        readonly variables: Record<string, string>;
      };
      const given = { ...variables, AWS_REGION: "eu-west-1", AWS_LAMBDA_FUNCTION_NAME: name };
      const settings = parseHubEnvironment(given);
      assert.deepEqual(
        [settings.hub, settings.table, settings.shards, settings.partitions],
        ["curfew", "curfew-fleet", 16, 2],
      );
      assert.equal(settings.queueUrls.length, 2);
    }
    const source = await readFile(packagePath("runtime/compose-hub.ts"), "utf8");
    const watched = ofType(hub, ALARM).filter(({ inputs }) => inputs["namespace"] === "Curfew");
    assert.equal(watched.length, 3);
    for (const { inputs } of watched) {
      assert.deepEqual(inputs["dimensions"], { service: "curfew", Region: "eu-west-1" });
      assert.ok(
        source.includes(`"${String(inputs["metricName"])}"`),
        `no function writes ${String(inputs["metricName"])}`,
      );
    }
  });

  it("gives each worker its queue, partial failures, and a reservation above the event source's most", () => {
    for (const shard of [0, 1]) {
      const mapping = theOne(hub, MAPPING, `curfew-worker-${shard}`);
      assert.equal(mapping["eventSourceArn"], arnOf("sqs", `curfew-work-${shard}`));
      assert.equal(mapping["functionName"], `curfew-worker-${shard}`);
      assert.deepEqual(mapping["functionResponseTypes"], ["ReportBatchItemFailures"]);
      assert.deepEqual(mapping["scalingConfig"], { maximumConcurrency: 30 });
      assert.equal(theOne(hub, FUNCTION, `curfew-worker-${shard}`)["reservedConcurrentExecutions"], 33);
    }
  });

  it("ticks each planner every minute with its partition, and puts away what came to nothing", () => {
    const missed = arnOf("sqs", "curfew-ticks-dead");
    for (const partition of [0, 1]) {
      const { scheduleExpression, flexibleTimeWindow, groupName, target } = theOne(
        hub,
        SCHEDULE,
        `curfew-tick-${partition}`,
      );
      assert.deepEqual([scheduleExpression, flexibleTimeWindow], ["rate(1 minute)", { mode: "OFF" }]);
      assert.equal(groupName, "curfew");
      assert.deepEqual(target, {
        arn: arnOf("lambda", `function:curfew-planner-${partition}`),
        roleArn: arnOf("iam", "role/curfew-tick-eu-west-1"),
        input: JSON.stringify({ partition }),
        deadLetterConfig: { arn: missed },
        retryPolicy: { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 1 },
      });
      const invoke = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig";
      const { destinationConfig, maximumRetryAttempts } = theOne(hub, invoke, `curfew-planner-${partition}`);
      assert.deepEqual(destinationConfig, { onFailure: { destination: missed } });
      assert.equal(maximumRetryAttempts, 0);
    }
  });

  it("lets Scheduler assume the ticks' role for its own schedule group alone", () => {
    const trust = json(theOne(hub, "aws:iam/role:Role", "curfew-tick-eu-west-1")["assumeRolePolicy"]);
    const [statement] = trust["Statement"] as readonly Json[];
    assert.deepEqual(statement?.["Principal"], { Service: "scheduler.amazonaws.com" });
    assert.deepEqual(statement["Condition"], {
      ArnEquals: { "aws:SourceArn": arnOf("scheduler", "schedule-group/curfew") },
    });
  });

  it("lets only workers into accounts, and nobody do anything on everything", () => {
    const all = ROLES.flatMap((role) =>
      statements(hub, `curfew-${role}-eu-west-1`).map((statement) => ({ role, ...statement })),
    );
    assert.deepEqual(
      all.filter(({ Action }) => Action.includes("sts:AssumeRole")).map(({ role, Resource }) => [role, Resource]),
      [["worker", ["arn:aws:iam::*:role/curfew-spoke"]]],
    );
    assert.deepEqual(
      all.filter(({ Resource, Action }) => Resource.includes("*") || Action.some((action) => action.includes("*"))),
      [],
    );
  });

  it("lets functions write to their own log groups", () => {
    const log = statements(hub, "curfew-planner-eu-west-1").find(({ Sid }) => Sid === "Log");
    assert.deepEqual(
      log?.Resource,
      [0, 1].map((index) => `arn:aws:logs:eu-west-1:${ACCOUNT}:log-group:/aws/lambda/curfew-planner-${index}:*`),
    );
  });

  it("runs campaigns as a standard state machine around a function of the table's", () => {
    const { type, definition, roleArn } = theOne(hub, MACHINE, "curfew-campaigns");
    assert.deepEqual([type, roleArn], ["STANDARD", arnOf("iam", "role/curfew-campaigns-eu-west-1")]);
    assert.ok(String(definition).includes(`"${arnOf("lambda", "function:curfew-campaign")}"`));
    const { environment, reservedConcurrentExecutions } = theOne(hub, FUNCTION, "curfew-campaign");
    const given = (environment as { readonly variables: Record<string, string> }).variables;
    const settings = parseHubEnvironment({
      ...given,
      AWS_REGION: "eu-west-1",
      AWS_LAMBDA_FUNCTION_NAME: "curfew-campaign",
    });
    assert.deepEqual([settings.hub, settings.table, reservedConcurrentExecutions], ["curfew", "curfew-fleet", 40]);
  });

  it("lets campaigns ask that function and be executions of themselves, and the function use the table alone", () => {
    const machineArn = `arn:aws:states:eu-west-1:${ACCOUNT}:stateMachine:curfew-campaigns`;
    const executions = `arn:aws:states:eu-west-1:${ACCOUNT}:execution:curfew-campaigns`;
    assert.deepEqual(
      statements(hub, "curfew-campaigns-eu-west-1").map(({ Action, Resource }) => [Action, Resource]),
      [
        [["lambda:InvokeFunction"], [arnOf("lambda", "function:curfew-campaign")]],
        [["states:StartExecution"], [machineArn]],
        [
          ["states:DescribeExecution", "states:StopExecution"],
          [`${executions}:*`, `${executions}/*`],
        ],
        [["states:RedriveExecution"], [`${executions}/*`]],
      ],
    );
    const ofFunction = statements(hub, "curfew-campaign-eu-west-1").flatMap(({ Action }) => Action);
    assert.deepEqual([...new Set(ofFunction.map((action) => action.split(":")[0]))], ["dynamodb", "logs"]);
    const trust = json(theOne(hub, "aws:iam/role:Role", "curfew-campaigns-eu-west-1")["assumeRolePolicy"]);
    const [statement] = trust["Statement"] as readonly Json[];
    assert.deepEqual(statement?.["Principal"], { Service: "states.amazonaws.com" });
    assert.deepEqual(statement["Condition"], { ArnEquals: { "aws:SourceArn": `${machineArn}*` } });
  });

  it("rings for every queue of dead letters, on its own topic, and tells when it is over", () => {
    const dead = ofType(hub, QUEUE)
      .map(({ name }) => name)
      .filter((name) => name.endsWith("-dead"));
    assert.equal(dead.length, 3);
    for (const name of dead) {
      const alarm = theOne(hub, ALARM, name);
      assert.deepEqual(alarm["dimensions"], { QueueName: name });
      assert.deepEqual([alarm["comparisonOperator"], alarm["threshold"]], ["GreaterThanThreshold", 0]);
      assert.deepEqual(alarm["alarmActions"], [arnOf("sns", "curfew-announcements")]);
      assert.deepEqual(alarm["okActions"], alarm["alarmActions"]);
    }
  });

  it("rings for a share of errors only when there were enough calls", () => {
    const { metricQueries, datapointsToAlarm, evaluationPeriods } = theOne(hub, ALARM, "curfew-worker-0-errors");
    const [result] = metricQueries as readonly Json[];
    assert.equal(result?.["expression"], "IF(calls >= 20, 100 * errors / calls, 0)");
    assert.deepEqual([datapointsToAlarm, evaluationPeriods], [3, 5]);
  });

  it("rings when the pulse stops, and takes no other silence for a fault", () => {
    const breaching = ofType(hub, ALARM).filter(({ inputs }) => inputs["treatMissingData"] === "breaching");
    assert.deepEqual(breaching.map(({ name }) => name).toSorted(), [
      "curfew-planner-0-heartbeat",
      "curfew-planner-1-heartbeat",
    ]);
  });

  it("has a dashboard that CloudWatch can read", () => {
    const { dashboardName, dashboardBody } = theOne(hub, "aws:cloudwatch/dashboard:Dashboard", "curfew-dashboard");
    assert.equal(dashboardName, "curfew-eu-west-1");
    const widgets = json(dashboardBody)["widgets"] as readonly { properties: { metrics: readonly unknown[][] } }[];
    assert.ok(widgets.length >= 8);
    assert.ok(widgets.every(({ properties }) => properties.metrics.length > 0));
  });
});

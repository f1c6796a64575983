import assert from "node:assert/strict";

import type { Hub as HubClass } from "../../components/index.js";
import { ACCOUNT, arnOf, ofType, recordStack, theOne } from "./record-stack.js";
import { statements, type Json } from "./statements.js";

const FUNCTION = "aws:lambda/function:Function";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const POLICY = "aws:iam/rolePolicy:RolePolicy";

describe("a hub with options", function () {
  this.timeout(120_000);

  const record = async (stack: string, args: Partial<ConstructorParameters<typeof HubClass>[1]>) => {
    const { Hub } = await import("../../components/index.js");
    return recordStack(stack, () => new Hub("hub", { region: "eu-west-1", ...args }));
  };

  it("encrypts the table with a key of the customer's, which its roles may use through DynamoDB alone", async () => {
    const kmsKeyArn = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/k`;
    const hub = await record("kms", { kmsKeyArn });
    const table = theOne(hub, "aws:dynamodb/table:Table", "curfew-fleet");
    assert.deepEqual(table["serverSideEncryption"], { enabled: true, kmsKeyArn });
    for (const role of ["planner", "worker"]) {
      const key = statements(hub, `curfew-${role}-eu-west-1`).find(({ Sid }) => Sid === "Key");
      assert.deepEqual(key?.Resource, [kmsKeyArn]);
    }
  });

  it("does without campaigns when it is told to", async () => {
    const hub = await record("alone", { campaigns: false });
    assert.deepEqual(
      hub.filter(({ name }) => name.includes("campaign")),
      [],
    );
  });

  it("warms the table, and the indexes that every write of an entry reaches", async () => {
    const hub = await record("warm", { warmThroughput: { writesPerSecond: 8000 } });
    const table = theOne(hub, "aws:dynamodb/table:Table", "curfew-fleet");
    const units = { readUnitsPerSecond: 12_000, writeUnitsPerSecond: 8000 };
    assert.deepEqual(table["warmThroughput"], units);
    const indexes = table["globalSecondaryIndexes"] as readonly Json[];
    assert.deepEqual(
      indexes.map((index) => [index["name"], index["warmThroughput"]]),
      [
        ["due", units],
        ["unconverged", units],
        ["registry", undefined],
      ],
    );
  });

  it("sends traces and alarms to where it is told", async () => {
    const topic = arnOf("sns", "pager");
    const hub = await record("more", { otlpEndpoint: "https://otel.example.com", alarmTopicArns: [topic] });
    const { variables } = theOne(hub, FUNCTION, "curfew-planner-0")["environment"] as { readonly variables: Json };
    assert.equal(variables["OTEL_EXPORTER_OTLP_ENDPOINT"], "https://otel.example.com");
    assert.deepEqual((theOne(hub, ALARM, "curfew-past-target")["alarmActions"] as readonly string[])[1], topic);
  });

  it("sums up no day where that is turned off", async () => {
    const hub = await record("quiet", { summaryHour: false });
    const { variables } = theOne(hub, FUNCTION, "curfew-planner-0")["environment"] as { readonly variables: Json };
    assert.equal(variables["CURFEW_SUMMARY_HOUR"], undefined);
  });

  it("fits Lambda's 4 KB of environment and IAM's 10 KB of policy at its largest, with the longest names", async () => {
    const prefix = "c2345678901234567890123";
    const hub = await record("large", { region: "ap-southeast-2", shards: 30, partitions: 16, prefix });
    const { variables } = theOne(hub, FUNCTION, `${prefix}-worker-29`)["environment"] as { readonly variables: Json };
    const bytes = Object.entries(variables).reduce((sum, [key, value]) => sum + key.length + String(value).length, 0);
    // The URLs here are of eu-west-1, whose name is shorter by five letters.
    assert.ok(bytes + 30 * 5 < 4_000, `${bytes} bytes`);
    for (const { inputs } of ofType(hub, POLICY)) assert.ok(String(inputs["policy"]).length < 10_240);
  });

  it("refuses sizes that cannot be, all of them at once", async () => {
    await assert.rejects(
      record("refused", { partitions: 16, dueShards: 4, shards: 31, workers: { maximumConcurrency: 1 } }),
      (error: Error & { readonly __pulumiRunError?: boolean }) => {
        assert.equal(error.__pulumiRunError, true);
        assert.match(error.message, /shards must be at most 30/);
        assert.match(error.message, /workers\.maximumConcurrency must be at least 2/);
        return true;
      },
    );
  });
});

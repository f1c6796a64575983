import assert from "node:assert/strict";

import { said, saidOfStack } from "./said.js";
import { createTestPack, UNKNOWN_TEXT, type TestResource } from "./test-pack.js";

describe("policy, rules about the hub", () => {
  const queue = (name: string, props: object = {}, from?: TestResource): TestResource => ({
    type: "aws:sqs/queue:Queue",
    name,
    props: { name, sqsManagedSseEnabled: true, ...props },
    ...(from && { from: { redrivePolicy: from } }),
  });
  const DEAD = queue("work-dead");
  const WORK = queue("work", { redrivePolicy: UNKNOWN_TEXT, visibilityTimeoutSeconds: 720 }, DEAD);
  const alarm = (props: object = {}): TestResource => ({
    type: "aws:cloudwatch/metricAlarm:MetricAlarm",
    name: "alarm",
    props: {
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: "work-dead" },
      alarmActions: [UNKNOWN_TEXT],
      ...props,
    },
  });
  const worker = (props: object = {}): TestResource => ({
    type: "aws:lambda/function:Function",
    name: "worker",
    props: { timeout: 120, reservedConcurrentExecutions: 28, ...props },
  });
  const mapping = (
    from: TestResource,
    props: object = { scalingConfig: { maximumConcurrency: 25 } },
  ): TestResource => ({
    type: "aws:lambda/eventSourceMapping:EventSourceMapping",
    name: "source",
    props: { eventSourceArn: UNKNOWN_TEXT, ...props },
    from: { eventSourceArn: WORK, functionName: from },
  });

  it("says nothing of a hub that keeps them all", async () => {
    const sound = worker();
    assert.deepEqual(await saidOfStack([WORK, DEAD, alarm(), sound, mapping(sound)]), []);
  });

  describe("dead-letters", () => {
    it("wants a dead-letter queue", async () => {
      assert.deepEqual(await saidOfStack([queue("work")]), ["dead-letters: The queue work has no dead-letter queue."]);
    });

    it("wants an alarm on it that tells somebody", async () => {
      const missing = ["dead-letters: No alarm looks at the dead-letter queue work-dead."];
      assert.deepEqual(await saidOfStack([WORK, DEAD]), missing);
      assert.deepEqual(await saidOfStack([WORK, DEAD, alarm({ alarmActions: [] })]), missing);
      assert.deepEqual(await saidOfStack([WORK, DEAD, alarm({ dimensions: { QueueName: "work" } })]), missing);
    });

    it("leaves queues of others alone unless told not to", async () => {
      const foreign = { ...queue("mail"), parents: [] };
      assert.deepEqual(await saidOfStack([foreign]), []);
      assert.equal((await saidOfStack([foreign], { config: { "dead-letters": { scope: "all" } } })).length, 1);
    });
  });

  describe("queue-visibility", () => {
    it("wants six times the function's time-out", async () => {
      const slow = worker({ timeout: 121 });
      assert.deepEqual(await saidOfStack([WORK, DEAD, alarm(), slow, mapping(slow)]), [
        "queue-visibility: Messages of work are shown again after 720 s, and worker may take so long that 726 s are needed.",
      ]);
    });
  });

  describe("worker-concurrency", () => {
    it("wants the event source below the reservation", async () => {
      const few = worker({ reservedConcurrentExecutions: 25 });
      assert.deepEqual(await saidOfStack([WORK, DEAD, alarm(), few, mapping(few)]), [
        "worker-concurrency: source may ask for 25 calls at once, and worker has reserved 25.",
      ]);
      const unbound = mapping(few, {});
      assert.deepEqual(await saidOfStack([WORK, DEAD, alarm(), few, unbound]), [
        "worker-concurrency: source may ask for any number of calls at once, and worker has reserved 25.",
      ]);
      const free = worker({ reservedConcurrentExecutions: -1 });
      assert.deepEqual(await saidOfStack([WORK, DEAD, alarm(), free, mapping(free)]), []);
    });
  });

  describe("table-safety", () => {
    const SAFE = { pointInTimeRecovery: { enabled: true }, ttl: { enabled: true }, deletionProtectionEnabled: true };
    const table = (props: object): TestResource => ({ type: "aws:dynamodb/table:Table", name: "fleet", props });

    it("wants recovery, an end of what is old, and protection", async () => {
      assert.deepEqual(await said(table(SAFE)), []);
      assert.deepEqual(await said(table({ ttl: { enabled: false } })), [
        "table-safety: The table fleet has no point-in-time recovery.",
        "table-safety: The table fleet has no time to live.",
        "table-safety: The table fleet has no deletion protection.",
      ]);
    });

    it("lets policy config give up what a short-lived stack cannot have", async () => {
      const config = { "table-safety": { deletionProtection: false } };
      assert.deepEqual(await said(table({ ...SAFE, deletionProtectionEnabled: false }), { config }), []);
    });

    it("wants a key of the customer's own where told to", async () => {
      const config = { encryption: { customerKey: true } };
      assert.deepEqual(await said(table(SAFE), { config }), [
        "encryption: The table fleet has no key of the customer's own.",
      ]);
      const keyed = { ...SAFE, serverSideEncryption: { enabled: true, kmsKeyArn: UNKNOWN_TEXT } };
      assert.deepEqual(await said(table(keyed), { config }), []);
    });
  });

  describe("encryption", () => {
    it("wants every queue encrypted, by AWS's key or another", async () => {
      assert.deepEqual(await said(queue("work", { sqsManagedSseEnabled: false })), [
        "encryption: The queue work is not encrypted.",
      ]);
      assert.deepEqual(await said(queue("work", { sqsManagedSseEnabled: false, kmsMasterKeyId: "alias/own" })), []);
    });
  });

  describe("log-retention", () => {
    const logs = (props: object): TestResource => ({ type: "aws:cloudwatch/logGroup:LogGroup", name: "logs", props });

    it("is mended, and refused where it is not mended", async () => {
      assert.deepEqual(await said(logs({ retentionInDays: 0 })), [
        "log-retention: The log group logs keeps its logs for ever.",
      ]);
      const mended = await createTestPack({ config: { tags: { tags: {} } } }).remediate(
        logs({ name: "a", arn: UNKNOWN_TEXT }),
      );
      assert.deepEqual(mended, { name: "a", arn: UNKNOWN_TEXT, retentionInDays: 30 });
      assert.deepEqual(await said(logs({ retentionInDays: 7 })), []);
    });
  });

  describe("tags", () => {
    const topic = (props: object): TestResource => ({ type: "aws:sns/topic:Topic", name: "topic", props });

    it("are added, without touching those that are there or what is not known yet", async () => {
      const pack = createTestPack();
      assert.deepEqual(await pack.remediate(topic({ arn: UNKNOWN_TEXT })), {
        arn: UNKNOWN_TEXT,
        tags: { "managed-by": "curfew" },
      });
      assert.deepEqual(await pack.remediate(topic({ tags: { team: "a" } })), {
        tags: { team: "a", "managed-by": "curfew" },
      });
      assert.equal(await pack.remediate(topic({ tags: { "managed-by": "somebody" } })), undefined);
      assert.equal(await pack.remediate({ ...topic({}), parents: [] }), undefined);
    });

    it("are asked for where they are not added", async () => {
      const [missing] = await createTestPack().analyze(topic({}));
      assert.deepEqual(
        [missing?.rule, missing?.level, missing?.message.split("\n")[1]],
        ["tags", "mandatory", "topic has no tag managed-by."],
      );
    });
  });
});

import assert from "node:assert/strict";

import { relayStatements } from "../../components/iam/relay-statements.js";
import { spokeStatements } from "../../components/iam/spoke-statements.js";
import { spokeTrust } from "../../components/iam/spoke-trust.js";
import { spokeTemplate } from "../../components/spoke/template.js";
import { createTestPack, UNKNOWN_TEXT, type TestPackOptions, type TestResource } from "./test-pack.js";

const linesOf = (said: readonly { readonly rule: string; readonly message: string }[]): readonly string[] =>
  said.map(({ rule, message }) => `${rule}: ${message.split("\n")[1] ?? ""}`);

/** What single resources are told. Tags are the matter of one test alone. */
const said = async (resource: TestResource, options: TestPackOptions = {}): Promise<readonly string[]> =>
  linesOf((await createTestPack(options).analyze(resource)).filter(({ rule }) => rule !== "tags"));

const saidOfStack = async (resources: readonly TestResource[], options: TestPackOptions = {}) =>
  linesOf(await createTestPack(options).analyzeStack(...resources));

const WORKER = "arn:aws:iam::999999999999:role/curfew-worker-eu-west-1";
const TRUST = { trusted: [WORKER], organizationId: "o-abc1234567" };
const PLACE = { partition: "aws", account: "111111111111", roleName: "curfew-spoke" };

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

  describe("least-privilege", () => {
    const policy = (...statements: readonly object[]): TestResource => ({
      type: "aws:iam/rolePolicy:RolePolicy",
      name: "rights",
      props: { policy: JSON.stringify({ Version: "2012-10-17", Statement: statements }) },
    });
    const allow = (Action: unknown, Resource: unknown = ["arn:aws:sqs:eu-west-1:1:work"], more: object = {}) =>
      policy({ Sid: "S", Effect: "Allow", Action, Resource, ...more });

    it("refuses whole services, and everything but something", async () => {
      assert.deepEqual(await said(allow("*")), ["least-privilege: rights, statement S, allows *."]);
      assert.deepEqual(await said(allow(["sqs:*", "sns:Publish"])), [
        "least-privilege: rights, statement S, allows sqs:*.",
      ]);
      const inverted = policy({ Effect: "Allow", NotAction: "iam:*", Resource: "arn:aws:s3:::a" });
      assert.deepEqual(await said(inverted), [
        "least-privilege: rights, statement 1, allows everything but what it names.",
      ]);
    });

    it("refuses changes on every resource, not reads of it", async () => {
      assert.deepEqual(await said(allow(["ec2:DescribeInstances", "eks:UpdateNodegroupConfig"], "*")), [
        "least-privilege: rights, statement S, allows eks:UpdateNodegroupConfig on every resource.",
      ]);
      assert.deepEqual(await said(allow("eks:UpdateNodegroupConfig")), []);
      assert.deepEqual(await said(policy({ Effect: "Deny", Action: "*", Resource: "*" })), []);
    });

    it("lets the exceptions of policy config be, which are the relay's unless told otherwise", async () => {
      const relay = policy(...relayStatements("arn:aws:lambda:eu-west-1:1:function:relay"));
      assert.deepEqual(await said(relay), []);
      assert.equal((await said(relay, { config: { "least-privilege": { allowed: [] } } })).length, 1);
    });
  });

  describe("spoke roles", () => {
    const spokePolicy = (statements: readonly object[]): TestResource => ({
      type: "aws:iam/rolePolicy:RolePolicy",
      name: "spoke",
      parents: ["curfew:index:SpokeRole"],
      props: { policy: JSON.stringify({ Statement: statements }) },
    });
    const spokeRole = (trust: object): TestResource => ({
      type: "aws:iam/role:Role",
      name: "spoke",
      parents: ["curfew:index:SpokeRole"],
      props: { assumeRolePolicy: JSON.stringify(trust) },
    });
    const stackSet = (templateBody: string): TestResource => ({
      type: "aws:cloudformation/stackSet:StackSet",
      name: "spokes",
      parents: ["curfew:index:SpokeRoles"],
      props: { templateBody },
    });
    const template = (trust: typeof TRUST) =>
      spokeTemplate({ roleName: "curfew-spoke", capability: "full-cycle", trust, privateDrain: true });

    it("are sound as Curfew makes them, one by one or by a StackSet", async () => {
      const statements = spokeStatements("full-cycle", PLACE, { privateDrain: true });
      assert.deepEqual(await said(spokePolicy(statements)), []);
      assert.deepEqual(await said(spokeRole(spokeTrust(TRUST))), []);
      assert.deepEqual(await said(stackSet(template(TRUST))), []);
    });

    it("may not change what is not marked", async () => {
      const bare = spokeStatements("scale", PLACE).map(({ Condition: _, ...statement }) => statement);
      assert.deepEqual(await said(spokePolicy(bare.filter(({ Effect }) => Effect === "Allow"))), [
        "spoke-tags: spoke, statement ChangeNodeGroup, allows eks:UpdateNodegroupConfig without the tag curfew:managed.",
        "spoke-tags: spoke, statement ChangeAutoScalingGroup, allows autoscaling:UpdateAutoScalingGroup, " +
          "autoscaling:SuspendProcesses, autoscaling:ResumeProcesses without the tag curfew:managed.",
      ]);
    });

    it("are not fooled by a condition that binds nobody", async () => {
      const key = { "aws:ResourceTag/curfew:managed": "true" };
      for (const operator of ["StringEqualsIfExists", "StringNotEquals"]) {
        const statement = {
          Effect: "Allow",
          Action: "eks:UpdateNodegroupConfig",
          Resource: "arn:aws:eks:*:111111111111:nodegroup/*/*/*",
          Condition: { [operator]: key },
        };
        assert.equal((await said(spokePolicy([statement]))).length, 1, operator);
      }
    });

    it("trust exact roles of the organisation only", async () => {
      const trustOf = async (
        principal: string,
        Condition: object = { StringEquals: { "aws:PrincipalOrgID": "o-abc1234567" } },
      ) =>
        said(
          spokeRole({
            Statement: [{ Effect: "Allow", Principal: { AWS: principal }, Action: "sts:AssumeRole", Condition }],
          }),
        );
      assert.deepEqual(await trustOf(WORKER), []);
      assert.deepEqual(await trustOf("arn:aws:iam::999999999999:root"), [
        "spoke-trust: spoke trusts arn:aws:iam::999999999999:root, which is no exact role.",
      ]);
      assert.deepEqual(await trustOf("*"), ["spoke-trust: spoke trusts *, which is no exact role."]);
      assert.deepEqual(await trustOf(WORKER, {}), ["spoke-trust: spoke trusts roles outside of the organisation."]);
      const everywhere = template({ ...TRUST, organizationId: "*" });
      assert.deepEqual(await said(stackSet(everywhere)), [
        "spoke-trust: curfew-spoke trusts roles outside of the organisation.",
      ]);
    });

    it("are asked about again when they are known", async () => {
      assert.deepEqual(await said(stackSet(UNKNOWN_TEXT)), []);
      assert.deepEqual(await said({ ...spokeRole({}), props: { assumeRolePolicy: UNKNOWN_TEXT } }), []);
    });
  });

  describe("open-endpoints", () => {
    const endpoint = (type: string, props: object): TestResource => ({ type, name: "door", parents: [], props });
    const OPEN = ["open-endpoints: door may be called by everybody."];

    it("refuses function URLs, routes and methods without authorisation", async () => {
      for (const type of ["aws:lambda/functionUrl:FunctionUrl", "aws:apigatewayv2/route:Route"]) {
        assert.deepEqual(await said(endpoint(type, { authorizationType: "NONE" })), OPEN);
        assert.deepEqual(await said(endpoint(type, {})), OPEN);
        assert.deepEqual(await said(endpoint(type, { authorizationType: "AWS_IAM" })), []);
      }
      assert.deepEqual(await said(endpoint("aws:apigateway/method:Method", { authorization: "NONE" })), OPEN);
    });

    it("refuses a permission for everybody", async () => {
      const permission = (props: object) => endpoint("aws:lambda/permission:Permission", props);
      assert.deepEqual(await said(permission({ principal: "*" })), OPEN);
      assert.deepEqual(await said(permission({ principal: "*", sourceArn: UNKNOWN_TEXT })), []);
      assert.deepEqual(await said(permission({ principal: "events.amazonaws.com" })), []);
    });

    it("lets policy config open a door, with a reason", async () => {
      const config = { "open-endpoints": { allowed: [{ name: "door", reason: "the status page" }] } };
      assert.deepEqual(await said(endpoint("aws:lambda/functionUrl:FunctionUrl", {}), { config }), []);
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

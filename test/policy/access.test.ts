import assert from "node:assert/strict";

import { relayStatements } from "../../components/iam/relay-statements.js";
import { spokeStatements } from "../../components/iam/spoke-statements.js";
import { spokeTrust } from "../../components/iam/spoke-trust.js";
import { spokeTemplate } from "../../components/spoke/template.js";
import { said } from "./said.js";
import { UNKNOWN_TEXT, type TestResource } from "./test-pack.js";

const WORKER = "arn:aws:iam::999999999999:role/curfew-worker-eu-west-1";
const TRUST = { trusted: [WORKER], organizationId: "o-abc1234567" };
const PLACE = { partition: "aws", account: "111111111111", roleName: "curfew-spoke" };

describe("policy, rules about who may do what", () => {
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
});

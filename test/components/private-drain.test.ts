import assert from "node:assert/strict";

import type * as components from "../../components/index.js";
import { spokeStatements } from "../../components/iam/spoke-statements.js";
import { relayFunctionName } from "../../runtime/ports/index.js";
import { arnOf, ofType, recordStack, theOne, type Registered } from "./record-stack.js";

const SPOKE = "arn:aws:iam::222222222222:role/curfew-spoke";
const FUNCTION = "arn:aws:lambda:eu-west-1:222222222222:function:curfew-relay-pay";

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: unknown;
}

describe("the way to a cluster with a private endpoint", function () {
  this.timeout(120_000);

  let parts: typeof components;
  before(async () => {
    parts = await import("../../components/index.js");
  });

  const record = (stack: string, more: Partial<components.PrivateDrainArgs> = {}) =>
    recordStack(stack, () => {
      new parts.PrivateDrain("pay", {
        clusterName: "pay",
        region: "eu-west-1",
        subnetIds: ["subnet-1", "subnet-2"],
        securityGroupIds: ["sg-1"],
        spokeRoleArn: SPOKE,
        ...more,
      });
    });

  const statementsOf = (registered: readonly Registered[]) =>
    (
      JSON.parse(String(theOne(registered, "aws:iam/rolePolicy:RolePolicy", "pay")["policy"])) as {
        readonly Statement: readonly Statement[];
      }
    ).Statement;

  it("is one function in the cluster's VPC, its role, its log group, and leave for the spoke role alone", async () => {
    const registered = await record("private-drain");
    assert.deepEqual(
      registered
        .filter(({ isCustom }) => isCustom)
        .map(({ type }) => type.split(":")[2])
        .toSorted(),
      ["Function", "LogGroup", "Permission", "Role", "RolePolicy"],
    );
    assert.equal(ofType(registered, "curfew:index:PrivateDrain").length, 1);
    const made = theOne(registered, "aws:lambda/function:Function", "pay");
    assert.deepEqual(
      [made["name"], made["region"], made["role"], made["vpcConfig"], made["environment"]],
      [
        "curfew-relay-pay",
        "eu-west-1",
        arnOf("iam", "role/pay"),
        { subnetIds: ["subnet-1", "subnet-2"], securityGroupIds: ["sg-1"] },
        { variables: { CURFEW_RELAY_HOST_SUFFIX: ".eu-west-1.eks.amazonaws.com" } },
      ],
    );
    const permission = theOne(registered, "aws:lambda/permission:Permission", "pay");
    assert.deepEqual(
      [permission["principal"], permission["action"], permission["function"]],
      [SPOKE, "lambda:InvokeFunction", "curfew-relay-pay"],
    );
    assert.equal(theOne(registered, "aws:cloudwatch/logGroup:LogGroup", "pay")["name"], "/aws/lambda/curfew-relay-pay");
  });

  it("has a role for its network interfaces and its log, with which its code can do nothing else", async () => {
    const registered = await record("private-drain-role");
    const [interfaces, notByCode, log, ...rest] = statementsOf(registered);
    assert.deepEqual(rest, []);
    assert.ok(interfaces);
    assert.ok(
      interfaces.Action.every((action) => /^ec2:\w+(NetworkInterfaces?|Subnets|PrivateIpAddresses)$/.test(action)),
    );
    assert.deepEqual(
      [notByCode?.Effect, notByCode?.Action, notByCode?.Condition],
      ["Deny", interfaces.Action, { ArnEquals: { "lambda:SourceFunctionArn": FUNCTION } }],
    );
    assert.deepEqual(log?.Resource, ["arn:aws:logs:eu-west-1:222222222222:log-group:/aws/lambda/curfew-relay-pay:*"]);
  });

  it("knows the hosts of China, and others when told", async () => {
    const suffixOf = async (stack: string, more: Partial<components.PrivateDrainArgs>) =>
      theOne(await record(stack, more), "aws:lambda/function:Function", "pay")["environment"];
    assert.deepEqual(await suffixOf("drain-cn", { region: "cn-north-1" }), {
      variables: { CURFEW_RELAY_HOST_SUFFIX: ".cn-north-1.eks.amazonaws.com.cn" },
    });
    assert.deepEqual(await suffixOf("drain-other", { hostSuffix: ".eu-west-1.api.aws" }), {
      variables: { CURFEW_RELAY_HOST_SUFFIX: ".eu-west-1.api.aws" },
    });
  });

  it("has names within AWS's limits for the longest name of a cluster", async () => {
    const clusterName = "c".repeat(100);
    assert.equal(relayFunctionName(clusterName).length, 64);
    const role = theOne(await record("drain-long", { clusterName }), "aws:iam/role:Role", "pay");
    assert.equal(String(role["name"]).length, 64);
  });

  it("is in the StackSet's template where all accounts may have one", async () => {
    const templateOf = async (stack: string, more: object) => {
      const registered = await recordStack(stack, () => {
        new parts.SpokeRoles("spokes", {
          stackSetName: "spokes",
          region: "eu-west-1",
          organizationalUnits: ["ou-ab12-c3d4e5f6"],
          trusted: [SPOKE],
          organizationId: "o-a1b2c3d4e5",
          ...more,
        });
      });
      return String(theOne(registered, "aws:cloudformation/stackSet:StackSet", "spokes")["templateBody"]);
    };
    const relay = /lambda:\*:\$\{AWS::AccountId\}:function:curfew-relay-\*/;
    assert.match(await templateOf("spokes-with", { privateDrain: true }), relay);
    assert.doesNotMatch(await templateOf("spokes-without", {}), relay);
  });

  it("is open to the spoke role only where the account is said to have one", () => {
    const place = { partition: "aws", account: "222222222222", roleName: "curfew-spoke" };
    const relays = (privateDrain: boolean) =>
      spokeStatements("read", place, { privateDrain }).filter(({ Action }) => Action.includes("lambda:InvokeFunction"));
    assert.deepEqual(relays(false), []);
    assert.deepEqual(
      relays(true).map(({ Resource }) => Resource),
      [["arn:aws:lambda:*:222222222222:function:curfew-relay-*"]],
    );
  });
});

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import * as pulumi from "@pulumi/pulumi";
import { parseAllDocuments } from "yaml";

import type * as components from "../../components/index.js";
import { spokeTemplate } from "../../components/spoke/template.js";
import { packagePath } from "../lab/package-path.js";
import { ofType, recordStack, theOne } from "./record-stack.js";

const WORKER = "arn:aws:iam::999999999999:role/curfew-worker-eu-west-1";
const ORGANIZATION = "o-a1b2c3d4e5";

interface Template {
  readonly Resources: {
    readonly SpokeRole: {
      readonly Type: string;
      readonly Properties: {
        readonly RoleName: string;
        readonly MaxSessionDuration: number;
        readonly AssumeRolePolicyDocument: { readonly Statement: readonly unknown[] };
        readonly Policies: readonly { readonly PolicyDocument: { readonly Statement: readonly Statement[] } }[];
      };
    };
  };
}
interface Statement {
  readonly Sid: string;
  readonly Resource: readonly (string | { readonly "Fn::Sub": string })[];
}

const spec = { roleName: "curfew-spoke", capability: "full-cycle" } as const;
const trust = { trusted: [WORKER], organizationId: ORGANIZATION };
const templateOf = (text: string) => (JSON.parse(text) as Template).Resources.SpokeRole;

describe("the template of the spoke roles", () => {
  it("trusts the hub's own role, and only inside the organisation", () => {
    const { Type, Properties } = templateOf(spokeTemplate({ ...spec, trust }));
    assert.equal(Type, "AWS::IAM::Role");
    assert.equal(Properties.RoleName, "curfew-spoke");
    assert.equal(Properties.MaxSessionDuration, 3_600);
    assert.deepEqual(Properties.AssumeRolePolicyDocument.Statement, [
      {
        Sid: "Trust",
        Effect: "Allow",
        Principal: { AWS: [WORKER] },
        Action: ["sts:AssumeRole"],
        Condition: { StringEquals: { "aws:PrincipalOrgID": ORGANIZATION } },
      },
    ]);
  });

  it("asks for the external id where one is agreed", () => {
    const text = spokeTemplate({ ...spec, trust: { ...trust, externalId: "tenant-7" } });
    const [statement] = templateOf(text).Properties.AssumeRolePolicyDocument.Statement;
    assert.deepEqual((statement as { readonly Condition: unknown }).Condition, {
      StringEquals: { "aws:PrincipalOrgID": ORGANIZATION, "sts:ExternalId": "tenant-7" },
    });
  });

  it("lets each account fill in itself, and says nothing that CloudFormation would not fill in", () => {
    const text = spokeTemplate({ ...spec, trust });
    const statements = templateOf(text).Properties.Policies[0]!.PolicyDocument.Statement;
    const change = statements.find(({ Sid }) => Sid === "ChangeNodeGroup");
    assert.deepEqual(change?.Resource, [
      { "Fn::Sub": "arn:${AWS::Partition}:eks:*:${AWS::AccountId}:nodegroup/*/*/*" },
    ]);
    const plain = statements.flatMap(({ Resource }) => Resource).filter((resource) => typeof resource === "string");
    assert.deepEqual([...new Set(plain)], ["*"]);
  });

  it("is below CloudFormation's 51,200 bytes, and its policy below IAM's 10,240", () => {
    const text = spokeTemplate({ ...spec, trust });
    assert.ok(text.length < 51_200);
    assert.ok(JSON.stringify(templateOf(text).Properties.Policies).length < 10_240);
  });
});

describe("components of the spokes", function () {
  this.timeout(120_000);

  let parts: typeof components;
  before(async () => {
    parts = await import("../../components/index.js");
  });

  it("reach all accounts of organisational units, and those to come, by one StackSet", async () => {
    const registered = await recordStack("spoke-roles", () => {
      new parts.SpokeRoles("curfew-spokes", {
        stackSetName: "curfew-spokes",
        region: "eu-west-1",
        organizationalUnits: ["ou-ab12-c3d4e5f6"],
        exceptAccounts: ["333333333333"],
        trusted: [pulumi.output(WORKER)],
        organizationId: ORGANIZATION,
      });
    });
    const stackSet = theOne(registered, "aws:cloudformation/stackSet:StackSet", "curfew-spokes");
    assert.equal(stackSet["permissionModel"], "SERVICE_MANAGED");
    assert.deepEqual(stackSet["autoDeployment"], { enabled: true, retainStacksOnAccountRemoval: false });
    assert.deepEqual(stackSet["capabilities"], ["CAPABILITY_NAMED_IAM"]);
    assert.equal(stackSet["templateBody"], spokeTemplate({ ...spec, trust }));
    const instances = theOne(registered, "aws:cloudformation/stackInstances:StackInstances", "curfew-spokes");
    assert.deepEqual(instances["deploymentTargets"], {
      organizationalUnitIds: ["ou-ab12-c3d4e5f6"],
      accountFilterType: "DIFFERENCE",
      accounts: ["333333333333"],
    });
    assert.deepEqual([instances["regions"], instances["callAs"]], [["eu-west-1"], "DELEGATED_ADMIN"]);
  });

  const spokeRoles = (stack: string, accounts: number) =>
    recordStack(stack, () => {
      for (let index = 0; index < accounts; index += 1) {
        const provider = new AwsStandIn(`account-${index}`);
        const account = String(200_000_000_000 + index);
        const args = { account, trusted: [WORKER], organizationId: ORGANIZATION };
        new parts.SpokeRole(`spoke-${index}`, args, { provider });
      }
    });

  it("make the role in one account by its own provider", async () => {
    const registered = await spokeRoles("one-spoke", 1);
    const role = theOne(registered, "aws:iam/role:Role", "spoke-0");
    assert.equal(role["name"], "curfew-spoke");
    const policy = String(theOne(registered, "aws:iam/rolePolicy:RolePolicy", "spoke-0")["policy"]);
    assert.match(policy, /arn:aws:eks:\*:200000000000:nodegroup/);
  });

  it("make five such roles and refuse a sixth, with what it would cost and the way out", async () => {
    assert.equal(ofType(await spokeRoles("five-spokes", 5), "aws:iam/role:Role").length, 5);
    await assert.rejects(spokeRoles("six-spokes", 6), /170 to 430 MB.*50 to 130 GB.*SpokeRoles/);
  });

  it("let the spoke role into a cluster, with the rights of the file that the end-to-end tests run under", async () => {
    for (const role of ["drain-only", "full-cycle"] as const) {
      const registered = await recordStack(`access-${role}`, () => {
        const providers = { aws: new AwsStandIn("spoke"), kubernetes: new KubernetesStandIn("cluster") };
        new parts.ClusterAccess("pay", { clusterName: "pay", principalArn: WORKER, role }, { providers });
      });
      const entry = theOne(registered, "aws:eks/accessEntry:AccessEntry", "pay");
      assert.deepEqual(entry["kubernetesGroups"], ["curfew"]);
      const [file] = parseAllDocuments(await readFile(packagePath("stacks/rbac", `${role}.yaml`), "utf8"));
      const clusterRole = theOne(registered, "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "pay");
      assert.deepEqual(clusterRole["rules"], (file?.toJS() as { readonly rules: unknown }).rules);
      const binding = theOne(registered, "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding", "pay");
      assert.deepEqual(binding["subjects"], [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "curfew" }]);
      assert.deepEqual(binding["roleRef"], {
        apiGroup: "rbac.authorization.k8s.io",
        kind: "ClusterRole",
        name: "curfew",
      });
    }
  });
});

/** Providers without what the real ones bring: a component only hands them on. */
class AwsStandIn extends pulumi.ProviderResource {
  constructor(name: string) {
    super("aws", name, {});
  }
}
class KubernetesStandIn extends pulumi.ProviderResource {
  constructor(name: string) {
    super("kubernetes", name, {});
  }
}

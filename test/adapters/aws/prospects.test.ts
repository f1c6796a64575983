import assert from "node:assert/strict";
import { createAwsCapacity } from "../../../runtime/adapters/aws/capacity.js";
import { createAwsClients, type AwsClientCache } from "../../../runtime/adapters/aws/clients.js";
import { createSystemClock } from "../../../runtime/adapters/system/clock.js";
import type { ClusterAccess, NodeGroup } from "../../../runtime/ports/index.js";
import {
  assumedRole,
  autoScalingGroups,
  eksError,
  queryError,
  startStubAws,
  type AwsAsked,
  type AwsReply,
  type StubAws,
} from "./stub-aws.js";

const CLUSTER = { account: "111111111111", region: "eu-west-1", name: "payments" };
const ROLE = "arn:aws:iam::111111111111:role/curfew-spoke";
const TOMORROW = new Date(Date.now() + 86_400_000);

const MANAGED: NodeGroup = {
  id: "managed/general",
  kind: "managed",
  name: "general",
  autoScalingGroup: "eks-general-1",
  size: { min: 1, desired: 2, max: 5 },
  status: "ACTIVE",
  healthIssues: [],
  zones: [],
  observed: null,
};
const BATCH: NodeGroup = {
  ...MANAGED,
  id: "asg/batch",
  kind: "self-managed",
  name: "batch",
  autoScalingGroup: "batch",
};
const NODEGROUP_ARN = "arn:aws:eks:eu-west-1:111111111111:nodegroup/payments/general/";

/** One evaluation of a simulation, in the order of elements that IAM's documents show. */
function evaluation(action: string, decision: string, more = ""): string {
  return `<member><MatchedStatements><member><SourcePolicyId>p &amp; q</SourcePolicyId></member></MatchedStatements>${more}<EvalResourceName>*</EvalResourceName><EvalDecision>${decision}</EvalDecision><EvalActionName>${action}</EvalActionName></member>`;
}

function simulation(members: string, marker = ""): AwsReply {
  const paging = marker
    ? `<IsTruncated>true</IsTruncated><Marker>${marker}</Marker>`
    : "<IsTruncated>false</IsTruncated>";
  return {
    body: `<?xml version="1.0"?><SimulatePrincipalPolicyResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><SimulatePrincipalPolicyResult>${paging}<EvaluationResults>${members}</EvaluationResults></SimulatePrincipalPolicyResult><ResponseMetadata/></SimulatePrincipalPolicyResponse>`,
  };
}

describe("what AWS says ahead of a change", () => {
  let aws: StubAws | undefined;
  let clients: AwsClientCache | undefined;

  async function start(reply: (asked: AwsAsked) => AwsReply, access: ClusterAccess = {}) {
    aws = await startStubAws((asked) =>
      asked.action === "AssumeRole" ? assumedRole("ASIAROLE", TOMORROW) : reply(asked),
    );
    clients = createAwsClients({ clock: createSystemClock(), operationId: "op-1" });
    const capacity = createAwsCapacity({ identity: CLUSTER, access, clients: clients.clientsFor(CLUSTER, access) });
    return { asked: aws.asked, prospects: capacity.prospects };
  }

  afterEach(async () => {
    clients?.close();
    await aws?.stop();
    aws = clients = undefined;
  });

  describe("permissions", () => {
    it("are simulated for the role, on the resources that a run touches, with the cluster's tag", async () => {
      const { asked, prospects } = await start(() => simulation(evaluation("eks:UpdateNodegroupConfig", "allowed")), {
        roleArn: ROLE,
      });
      const question = { action: "eks:UpdateNodegroupConfig", on: MANAGED };
      assert.deepEqual(await prospects.permissions([question]), [{ ...question, verdict: "allowed" }]);
      const { body, accessKeyId, credentialScope } = asked.find(({ action }) => action === "SimulatePrincipalPolicy")!;
      assert.equal(body["PolicySourceArn"], ROLE);
      assert.ok(String(body["ResourceArns.member.1"]).startsWith(NODEGROUP_ARN));
      assert.equal(body["ContextEntries.member.1.ContextKeyName"], "aws:ResourceTag/kubernetes.io/cluster/payments");
      assert.equal(accessKeyId, "ASIAROLE");
      assert.match(credentialScope, /\/us-east-1\/iam\/aws4_request$/);
    });

    it("are simulated for the caller where no role is assumed", async () => {
      const arn = "arn:aws:sts::111111111111:assumed-role/ops/ana";
      const { asked, prospects } = await start(({ action }) =>
        action === "GetCallerIdentity"
          ? {
              body: `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>${arn}</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`,
            }
          : simulation(evaluation("eks:DescribeCluster", "allowed")),
      );
      await prospects.permissions([{ action: "eks:DescribeCluster", on: "cluster" }]);
      assert.equal(asked.at(-1)?.body["PolicySourceArn"], "arn:aws:iam::111111111111:role/ops");
    });

    it("are asked once per kind of resource, page by page, and none without a question", async () => {
      const { asked, prospects } = await start(
        ({ body }) =>
          body["Marker"] === "more"
            ? simulation(evaluation("ec2:DescribeInstances", "explicitDeny"))
            : body["ActionNames.member.2"] === undefined
              ? simulation(evaluation("eks:DescribeCluster", "allowed"))
              : simulation(evaluation("autoscaling:DescribeAutoScalingGroups", "allowed"), "more"),
        { roleArn: ROLE },
      );
      assert.deepEqual(await prospects.permissions([]), []);
      const answers = await prospects.permissions([
        { action: "autoscaling:DescribeAutoScalingGroups", on: "account" },
        { action: "ec2:DescribeInstances", on: "account" },
        { action: "eks:DescribeCluster", on: "cluster" },
      ]);
      assert.deepEqual(
        answers.map(({ verdict }) => verdict),
        ["allowed", "denied", "allowed"],
      );
      assert.equal(asked.filter(({ action }) => action === "SimulatePrincipalPolicy").length, 3);
    });

    it("are told apart by resource, and stay open where a condition's value is missing", async () => {
      const single = (resource: string, decision: string) =>
        `<member><EvalResourceName>${resource}</EvalResourceName><EvalResourceDecision>${decision}</EvalResourceDecision></member>`;
      const other: NodeGroup = { ...MANAGED, id: "managed/other", name: "other" };
      const { prospects } = await start(
        ({ body }) => {
          if (!String(body["ResourceArns.member.1"]).includes("nodegroup")) {
            const missing = "<MissingContextValues><member>aws:RequestTag/a</member></MissingContextValues>";
            return simulation(evaluation("autoscaling:UpdateAutoScalingGroup", "implicitDeny", missing));
          }
          const [one, two] = [String(body["ResourceArns.member.1"]), String(body["ResourceArns.member.2"])];
          const results = `<ResourceSpecificResults>${single(one, "allowed")}${single(two, "implicitDeny")}</ResourceSpecificResults>`;
          return simulation(evaluation("eks:UpdateNodegroupConfig", "implicitDeny", results));
        },
        { roleArn: ROLE },
      );
      const answers = await prospects.permissions([
        { action: "eks:UpdateNodegroupConfig", on: MANAGED },
        { action: "eks:UpdateNodegroupConfig", on: other },
        { action: "autoscaling:UpdateAutoScalingGroup", on: BATCH },
      ]);
      assert.deepEqual(
        answers.map(({ verdict }) => verdict),
        ["allowed", "denied", "undecided"],
      );
    });

    it("end in permission-denied, naming the action, when even the question is denied", async () => {
      const { prospects } = await start(() => queryError(403, "AccessDenied", "is not authorized &lt;here&gt;"), {
        roleArn: ROLE,
      });
      const asked = prospects.permissions([{ action: "eks:DescribeCluster", on: "cluster" }]);
      await assert.rejects(asked, { code: "permission-denied", message: /iam:SimulatePrincipalPolicy: .*<here>/ });
    });

    it("end in unavailable where nobody speaks XML", async () => {
      const { prospects } = await start(() => ({ status: 502, body: "Bad gateway" }), { roleArn: ROLE });
      const asked = prospects.permissions([{ action: "eks:DescribeCluster", on: "cluster" }]);
      await assert.rejects(asked, { code: "unavailable" });
    });
  });

  /** The two groups' Auto Scaling groups with this inside, and an answer of EC2. */
  function withGroups(inside: string, ec2: (asked: AwsAsked) => AwsReply) {
    return start((asked) =>
      asked.action === "DescribeAutoScalingGroups"
        ? autoScalingGroups([`<AutoScalingGroupName>batch</AutoScalingGroupName>${inside}`])
        : ec2(asked),
    );
  }

  describe("subnets", () => {
    it("have their free addresses, and none that is gone hides the others", async () => {
      const item = "<item><subnetId>subnet-1</subnetId><availableIpAddressCount>17</availableIpAddressCount></item>";
      const { prospects } = await withGroups("<VPCZoneIdentifier>subnet-1, subnet-2</VPCZoneIdentifier>", () => ({
        body: `<DescribeSubnetsResponse><subnetSet>${item}</subnetSet></DescribeSubnetsResponse>`,
      }));
      assert.deepEqual(await prospects.subnets([MANAGED, BATCH]), [
        {
          groupId: "asg/batch",
          subnets: [
            { id: "subnet-1", freeAddresses: 17 },
            { id: "subnet-2", freeAddresses: null },
          ],
        },
      ]);
    });

    it("are none, without a call to EC2, for a group that names zones only", async () => {
      const { asked, prospects } = await withGroups("", () => ({ body: "" }));
      assert.deepEqual(await prospects.subnets([BATCH]), [{ groupId: "asg/batch", subnets: [] }]);
      assert.ok(!asked.some(({ action }) => action === "DescribeSubnets"));
    });
  });

  describe("launch templates", () => {
    const template = "<LaunchTemplate><LaunchTemplateId>lt-1</LaunchTemplateId><Version>3</Version></LaunchTemplate>";
    const mixed = `<MixedInstancesPolicy><LaunchTemplate><LaunchTemplateSpecification><LaunchTemplateName>batch</LaunchTemplateName></LaunchTemplateSpecification></LaunchTemplate></MixedInstancesPolicy>`;
    const found: AwsReply = {
      body: "<DescribeLaunchTemplateVersionsResponse><launchTemplateVersionSet><item><versionNumber>3</versionNumber></item></launchTemplateVersionSet></DescribeLaunchTemplateVersionsResponse>",
    };

    it("exist in their version", async () => {
      const { asked, prospects } = await withGroups(template, () => found);
      assert.deepEqual(await prospects.launchTemplates([BATCH]), [
        { groupId: "asg/batch", template: "lt-1:3", exists: true },
      ]);
      assert.equal(asked.at(-1)?.body["LaunchTemplateVersion.1"], "3");
    });

    it("are looked for by name and default version in a policy of mixed instances", async () => {
      const { asked, prospects } = await withGroups(mixed, () => found);
      assert.deepEqual(await prospects.launchTemplates([BATCH]), [
        { groupId: "asg/batch", template: "batch:$Default", exists: true },
      ]);
      assert.equal(asked.at(-1)?.body["LaunchTemplateName"], "batch");
    });

    for (const code of ["InvalidLaunchTemplateId.NotFound", "InvalidLaunchTemplateId.VersionNotFound"]) {
      it(`are gone when EC2 says ${code}`, async () => {
        const body = `<Response><Errors><Error><Code>${code}</Code><Message>no</Message></Error></Errors></Response>`;
        const { prospects } = await withGroups(template, () => ({ status: 400, body }));
        assert.equal((await prospects.launchTemplates([BATCH]))[0]?.exists, false);
      });
    }

    it("are left out for a group that has none", async () => {
      const { prospects } = await withGroups("", () => found);
      assert.deepEqual(await prospects.launchTemplates([BATCH]), []);
    });
  });

  describe("add-ons", () => {
    it("have their status and what ails them; one that is removed meanwhile is left out", async () => {
      const { prospects } = await start(({ action }) => {
        if (action.endsWith("/addons")) return { body: { addons: ["vpc-cni", "coredns", "gone"] } };
        if (action.endsWith("/gone")) return eksError(404, "ResourceNotFoundException", "No addon found");
        const isDns = action.endsWith("/coredns");
        const health = { issues: isDns ? [{ code: "InsufficientNumberOfReplicas", message: "none" }] : [] };
        return {
          body: { addon: { addonName: isDns ? "coredns" : "vpc-cni", status: isDns ? "DEGRADED" : "ACTIVE", health } },
        };
      });
      assert.deepEqual(await prospects.addOns(), [
        { name: "coredns", status: "DEGRADED", issues: ["InsufficientNumberOfReplicas: none"] },
        { name: "vpc-cni", status: "ACTIVE", issues: [] },
      ]);
    });
  });
});

import assert from "node:assert/strict";
import { createAwsCapacity } from "../../../runtime/adapters/aws/capacity.js";
import { createAwsClients, type AwsClientCache } from "../../../runtime/adapters/aws/clients.js";
import { createSystemClock } from "../../../runtime/adapters/system/clock.js";
import type { NodeGroup } from "../../../runtime/ports/index.js";
import {
  autoScalingGroups,
  eksError,
  queryError,
  startStubAws,
  type AwsAsked,
  type AwsReply,
  type StubAws,
} from "./stub-aws.js";

const CLUSTER = { account: "111111111111", region: "eu-west-1", name: "payments" };

const BATCH: NodeGroup = {
  id: "asg/batch",
  kind: "self-managed",
  name: "batch",
  autoScalingGroup: "batch",
  size: { min: 0, desired: 2, max: 5 },
  status: "ACTIVE",
  healthIssues: [],
  zones: [],
  observed: null,
};
const OTHER: NodeGroup = { ...BATCH, id: "asg/other", name: "other", autoScalingGroup: "other" };

describe("what AWS says of vCPUs and of refreshes", () => {
  let aws: StubAws | undefined;
  let clients: AwsClientCache | undefined;

  async function start(reply: (asked: AwsAsked) => AwsReply) {
    aws = await startStubAws(reply);
    clients = createAwsClients({ clock: createSystemClock(), operationId: "op-1" });
    const { prospects } = createAwsCapacity({
      identity: CLUSTER,
      access: {},
      clients: clients.clientsFor(CLUSTER, {}),
    });
    return { asked: aws.asked, prospects };
  }

  afterEach(async () => {
    clients?.close();
    await aws?.stop();
    aws = clients = undefined;
  });

  describe("quotas", () => {
    const quota = ({ body }: AwsAsked): AwsReply => ({
      body: { Quota: { QuotaCode: body["QuotaCode"], Value: body["QuotaCode"] === "L-1216C47A" ? 64 : 32 } },
    });
    const instance = (type: string, cores: number, threads: number, more = "") =>
      `<item><instancesSet><item><instanceType>${type}</instanceType>${more}<cpuOptions><coreCount>${cores}</coreCount><threadsPerCore>${threads}</threadsPerCore></cpuOptions></item></instancesSet></item>`;
    const instances = (items: string, next = ""): AwsReply => ({
      body: `<DescribeInstancesResponse><reservationSet>${items}</reservationSet>${next && `<nextToken>${next}</nextToken>`}</DescribeInstancesResponse>`,
    });

    it("are told with the vCPUs of all instances that start or run, by market, of the families that share them", async () => {
      const spot = "<instanceLifecycle>spot</instanceLifecycle>";
      const { asked, prospects } = await start((one) =>
        one.action === "GetServiceQuota"
          ? quota(one)
          : one.body["NextToken"] === "more"
            ? instances(instance("im4gn.large", 2, 1) + instance("inf2.xlarge", 2, 2) + instance("trn1.2xlarge", 4, 2))
            : instances(
                instance("m5.xlarge", 2, 2) + instance("c5.large", 1, 2, spot) + instance("g5.xlarge", 2, 2),
                "more",
              ),
      );
      assert.deepEqual(await prospects.vcpuQuotas(), [
        { market: "on-demand", code: "L-1216C47A", limit: 64, taken: 6 },
        { market: "spot", code: "L-34B43A08", limit: 32, taken: 2 },
      ]);
      assert.ok(
        asked.filter(({ action }) => action === "GetServiceQuota").every(({ body }) => body["ServiceCode"] === "ec2"),
      );
      const described = asked.find(({ action }) => action === "DescribeInstances")?.body;
      assert.deepEqual([described?.["Filter.1.Value.1"], described?.["Filter.1.Value.2"]], ["pending", "running"]);
    });

    it("end in permission-denied, naming the action, where Service Quotas refuses", async () => {
      const { prospects } = await start(() => eksError(400, "AccessDeniedException", "not authorized"));
      const message = /may not servicequotas:GetServiceQuota/;
      await assert.rejects(prospects.vcpuQuotas(), { code: "permission-denied", message });
    });

    it("end in unavailable where the service does not exist", async () => {
      const { prospects } = await start(() => ({ status: 501, body: "<NotImplemented/>" }));
      await assert.rejects(prospects.vcpuQuotas(), { code: "unavailable" });
    });
  });

  describe("nodes", () => {
    const types = new Map([
      ["m5.large", 2],
      ["m5.2xlarge", 8],
    ]);
    const template = "<LaunchTemplate><LaunchTemplateId>lt-1</LaunchTemplateId><Version>3</Version></LaunchTemplate>";
    const override = (name: string) => `<member><InstanceType>${name}</InstanceType></member>`;
    const policy = (overrides: string, distribution = "") =>
      `<MixedInstancesPolicy><LaunchTemplate><LaunchTemplateSpecification><LaunchTemplateId>lt-1</LaunchTemplateId></LaunchTemplateSpecification><Overrides>${overrides}</Overrides></LaunchTemplate><InstancesDistribution>${distribution}</InstancesDistribution></MixedInstancesPolicy>`;

    /** A group with this inside, and a launch template with that. */
    function withGroup(inside: string, data = "") {
      return start(({ action, body }) => {
        if (action === "DescribeAutoScalingGroups")
          return autoScalingGroups([`<AutoScalingGroupName>batch</AutoScalingGroupName>${inside}`]);
        if (action === "DescribeLaunchTemplateVersions")
          return {
            body: `<DescribeLaunchTemplateVersionsResponse><launchTemplateVersionSet><item><launchTemplateData>${data}</launchTemplateData></item></launchTemplateVersionSet></DescribeLaunchTemplateVersionsResponse>`,
          };
        const wanted = Object.entries(body).flatMap(([key, value]) =>
          key.startsWith("Filter.1.Value.") ? [String(value)] : [],
        );
        const items = wanted.flatMap((name) => {
          const vcpus = types.get(name);
          return vcpus === undefined
            ? []
            : [
                `<item><instanceType>${name}</instanceType><vCpuInfo><defaultVCpus>${vcpus}</defaultVCpus></vCpuInfo></item>`,
              ];
        });
        return {
          body: `<DescribeInstanceTypesResponse><instanceTypeSet>${items.join("")}</instanceTypeSet></DescribeInstanceTypesResponse>`,
        };
      });
    }

    it("have the largest type of a policy of mixed instances, and its shares, without a look at the template", async () => {
      const distribution =
        "<OnDemandBaseCapacity>1</OnDemandBaseCapacity><OnDemandPercentageAboveBaseCapacity>25</OnDemandPercentageAboveBaseCapacity>";
      const { asked, prospects } = await withGroup(policy(override("m5.large") + override("m5.2xlarge"), distribution));
      assert.deepEqual(await prospects.nodeVcpus([BATCH]), [
        { groupId: "asg/batch", vcpus: 8, onDemand: { base: 1, percent: 25 } },
      ]);
      assert.ok(!asked.some(({ action }) => action === "DescribeLaunchTemplateVersions"));
    });

    it("have the type and the market of the launch template where the group names none", async () => {
      const data =
        "<instanceType>m5.large</instanceType><instanceMarketOptions><marketType>spot</marketType></instanceMarketOptions>";
      const { prospects } = await withGroup(template, data);
      assert.deepEqual(await prospects.nodeVcpus([BATCH]), [
        { groupId: "asg/batch", vcpus: 2, onDemand: { base: 0, percent: 0 } },
      ]);
    });

    const UNKNOWN: readonly [what: string, inside: string, data: string][] = [
      ["count against another quota", policy(override("m5.large") + override("p4d.24xlarge")), ""],
      ["are not offered in this Region", template, "<instanceType>m99.large</instanceType>"],
      [
        "are chosen by what they can do",
        policy("<member><InstanceRequirements/></member>"),
        "<instanceType>m5.large</instanceType>",
      ],
      ["are named by nobody", "", ""],
    ];
    for (const [what, inside, data] of UNKNOWN) {
      it(`have no vCPUs to count where types ${what}`, async () => {
        const { prospects } = await withGroup(inside, data);
        assert.deepEqual(await prospects.nodeVcpus([BATCH]), [
          { groupId: "asg/batch", vcpus: null, onDemand: { base: 0, percent: 100 } },
        ]);
      });
    }
  });

  describe("instance refreshes", () => {
    const refreshes = (...statuses: readonly string[]): AwsReply => ({
      body: `<DescribeInstanceRefreshesResponse><DescribeInstanceRefreshesResult><InstanceRefreshes>${statuses.map((status) => `<member><Status>${status}</Status></member>`).join("")}</InstanceRefreshes></DescribeInstanceRefreshesResult></DescribeInstanceRefreshesResponse>`,
    });

    it("are those that are not over, group by group", async () => {
      const { asked, prospects } = await start(({ body }) =>
        body["AutoScalingGroupName"] === "batch"
          ? refreshes("RollbackInProgress", "Successful")
          : refreshes("Cancelled", "Failed"),
      );
      assert.deepEqual(await prospects.instanceRefreshes([BATCH, OTHER]), [
        { groupId: "asg/batch", status: "RollbackInProgress" },
      ]);
      assert.equal(asked.length, 2);
    });

    it("are none for a group that is gone, and take no call for one that EKS has not made yet", async () => {
      const { asked, prospects } = await start(() =>
        queryError(400, "ValidationError", "AutoScalingGroup name not found"),
      );
      assert.deepEqual(await prospects.instanceRefreshes([BATCH, { ...OTHER, autoScalingGroup: "" }]), []);
      assert.equal(asked.length, 1);
    });
  });
});

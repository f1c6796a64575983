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
const BASE = "GET /clusters/payments";

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
const SELF_MANAGED: NodeGroup = {
  ...MANAGED,
  id: "asg/batch",
  kind: "self-managed",
  name: "batch",
  autoScalingGroup: "batch",
};

function nodegroup(name: string, autoScalingGroup: string, more: object = {}) {
  return {
    nodegroup: {
      nodegroupName: name,
      status: "ACTIVE",
      scalingConfig: { minSize: 1, desiredSize: 2, maxSize: 5 },
      resources: { autoScalingGroups: [{ name: autoScalingGroup }] },
      ...more,
    },
  };
}

function asg(name: string, tags: readonly string[] = [], more = ""): string {
  const sizes = "<MinSize>0</MinSize><DesiredCapacity>2</DesiredCapacity><MaxSize>4</MaxSize>";
  const zones = "<AvailabilityZones><member>eu-west-1a</member></AvailabilityZones>";
  const tagged = tags.map((key) => `<member><Key>${key}</Key><Value>owned</Value></member>`).join("");
  return `<AutoScalingGroupName>${name}</AutoScalingGroupName>${sizes}${zones}<Tags>${tagged}</Tags>${more}`;
}

describe("the AWS capacity adapter", () => {
  let aws: StubAws | undefined;
  let clients: AwsClientCache | undefined;

  async function start(reply: (asked: AwsAsked) => AwsReply) {
    aws = await startStubAws(reply);
    clients = createAwsClients({ clock: createSystemClock(), operationId: "op-1" });
    const capacity = createAwsCapacity({ identity: CLUSTER, access: {}, clients: clients.clientsFor(CLUSTER, {}) });
    return { aws, capacity };
  }

  afterEach(async () => {
    clients?.close();
    await aws?.stop();
    aws = clients = undefined;
  });

  describe("describing the cluster", () => {
    it("decodes the CA and tells the way of signing in", async () => {
      const { capacity } = await start(() => ({
        body: {
          cluster: {
            arn: "arn:aws:eks:eu-west-1:111111111111:cluster/payments",
            status: "ACTIVE",
            version: "1.36",
            endpoint: "https://example.eks",
            certificateAuthority: { data: Buffer.from("PEM").toString("base64") },
            accessConfig: { authenticationMode: "API" },
            resourcesVpcConfig: { endpointPublicAccess: true },
            tags: { team: "pay" },
          },
        },
      }));
      assert.deepEqual(await capacity.describeCluster(), {
        arn: "arn:aws:eks:eu-west-1:111111111111:cluster/payments",
        status: "ACTIVE",
        kubernetesVersion: "1.36",
        endpoint: "https://example.eks",
        certificateAuthority: "PEM",
        authenticationMode: "API",
        hasPublicEndpoint: true,
        autoMode: null,
        tags: { team: "pay" },
      });
    });

    it("says which cluster does not exist", async () => {
      const { capacity } = await start(() =>
        eksError(404, "ResourceNotFoundException", "No cluster found for name: payments."),
      );
      await assert.rejects(capacity.describeCluster(), {
        code: "cluster-not-found",
        message: /payments in account 111111111111/,
      });
    });
  });

  describe("listing groups", () => {
    it("lists managed and self-managed groups, with the calls of aws.md §12 and one more", async () => {
      const { capacity, aws } = await start(({ action, query }) => {
        if (action === `${BASE}/node-groups`) {
          return query.get("nextToken") === "2"
            ? { body: { nodegroups: ["spot"] } }
            : { body: { nodegroups: ["general"], nextToken: "2" } };
        }
        if (action === `${BASE}/node-groups/general`) {
          return {
            body: nodegroup("general", "eks-general-1", {
              health: { issues: [{ code: "AsgInstanceLaunchFailures", message: "no capacity" }] },
            }),
          };
        }
        if (action === `${BASE}/node-groups/spot`) return { body: nodegroup("spot", "eks-spot-1") };
        return autoScalingGroups([asg("batch"), asg("eks-general-1", ["eks:nodegroup-name"]), asg("eks-spot-1")]);
      });
      const groups = await capacity.listGroups();
      assert.deepEqual(
        groups.map(({ id }) => id),
        ["asg/batch", "managed/general", "managed/spot"],
      );
      assert.deepEqual(groups[0]?.size, { min: 0, desired: 2, max: 4 });
      assert.deepEqual(groups[1]?.size, { min: 1, desired: 2, max: 5 });
      assert.deepEqual(groups[1].healthIssues, ["AsgInstanceLaunchFailures: no capacity"]);
      assert.deepEqual(groups[1].zones, ["eu-west-1a"]);
      const describe = aws.asked.find(({ action }) => action === "DescribeAutoScalingGroups");
      assert.equal(describe?.body["Filters.member.1.Name"], "tag:kubernetes.io/cluster/payments");
      assert.deepEqual(groups[1].observed?.groupId, "managed/general");
      assert.equal(aws.asked.length, 5);
    });

    it("leaves out a group that was deleted meanwhile", async () => {
      const { capacity } = await start(({ action }) => {
        if (action === `${BASE}/node-groups`) return { body: { nodegroups: ["gone"] } };
        if (action.startsWith(BASE))
          return eksError(404, "ResourceNotFoundException", "No node group found for name: gone.");
        return autoScalingGroups([]);
      });
      assert.deepEqual(await capacity.listGroups(), []);
    });

    it("names the permission that is missing", async () => {
      const { capacity } = await start(({ action }) =>
        action === "DescribeAutoScalingGroups"
          ? queryError(403, "AccessDenied", "User is not authorized")
          : { body: { nodegroups: [] } },
      );
      await assert.rejects(capacity.listGroups(), {
        code: "permission-denied",
        message: /autoscaling:DescribeAutoScalingGroups/,
      });
    });
  });

  describe("reading instances", () => {
    const instances =
      "<Instances><member><InstanceId>i-1</InstanceId><AvailabilityZone>eu-west-1a</AvailabilityZone>" +
      "<LifecycleState>InService</LifecycleState><ProtectedFromScaleIn>true</ProtectedFromScaleIn></member>" +
      "<member><InstanceId>i-2</InstanceId><AvailabilityZone>eu-west-1b</AvailabilityZone>" +
      "<LifecycleState>Terminated</LifecycleState><ProtectedFromScaleIn>false</ProtectedFromScaleIn></member></Instances>" +
      "<SuspendedProcesses><member><ProcessName>Terminate</ProcessName></member></SuspendedProcesses>";

    it("reads all groups in one call and leaves out the missing ones", async () => {
      const { capacity, aws } = await start(() => autoScalingGroups([asg("eks-general-1", [], instances)]));
      assert.deepEqual(await capacity.readInstances([MANAGED, SELF_MANAGED]), [
        {
          groupId: "managed/general",
          size: { min: 0, desired: 2, max: 4 },
          suspendedProcesses: ["Terminate"],
          instances: [{ id: "i-1", zone: "eu-west-1a", state: "InService", isProtectedFromScaleIn: true }],
        },
      ]);
      assert.equal(aws.asked.length, 1);
    });

    it("tells of a warm pool, and of its size", async () => {
      const pool = "<WarmPoolConfiguration><MinSize>0</MinSize></WarmPoolConfiguration><WarmPoolSize>2</WarmPoolSize>";
      const { capacity } = await start(() => autoScalingGroups([asg("batch", [], pool), asg("eks-general-1")]));
      const seen = await capacity.readInstances([MANAGED, SELF_MANAGED]);
      assert.deepEqual(
        seen.map(({ groupId, warmPoolSize }) => [groupId, warmPoolSize]),
        [
          ["asg/batch", 2],
          ["managed/general", undefined],
        ],
      );
    });

    it("asks for a hundred groups at a time, and for none not at all", async () => {
      const { capacity, aws } = await start(() => autoScalingGroups([]));
      const many = Array.from({ length: 101 }, (_, i) => ({
        ...SELF_MANAGED,
        id: `asg/g${i}`,
        autoScalingGroup: `g${i}`,
      }));
      await capacity.readInstances(many);
      const named = (call: AwsAsked) =>
        Object.keys(call.body).filter((key) => key.startsWith("AutoScalingGroupNames")).length;
      assert.deepEqual(aws.asked.map(named), [100, 1]);
      await capacity.readInstances([]);
      assert.equal(aws.asked.length, 2);
    });
  });

  describe("resizing", () => {
    const asleep = { min: 0, desired: 0, max: 5 };

    it("sends min, desired and max of a managed group together, with the caller's token (safe-cycle H28)", async () => {
      const { capacity, aws } = await start(() => ({ body: { update: { id: "u-1" } } }));
      assert.deepEqual(await capacity.resize(MANAGED, asleep, "token-1"), { kind: "accepted", updateId: "u-1" });
      assert.equal(aws.asked[0]?.action, "POST /clusters/payments/node-groups/general/update-config");
      assert.deepEqual(aws.asked[0].body, {
        scalingConfig: { minSize: 0, desiredSize: 0, maxSize: 5 },
        clientRequestToken: "token-1",
      });
    });

    it("sends all three sizes of a self-managed group in one call (safe-cycle H30)", async () => {
      const { capacity, aws } = await start(() => ({ body: "<UpdateAutoScalingGroupResponse/>" }));
      assert.deepEqual(await capacity.resize(SELF_MANAGED, asleep, "t"), { kind: "accepted", updateId: null });
      const { MinSize, DesiredCapacity, MaxSize } = aws.asked[0]!.body;
      assert.deepEqual([MinSize, DesiredCapacity, MaxSize], ["0", "0", "5"]);
      assert.deepEqual(await capacity.resizeStatus(SELF_MANAGED, ""), { kind: "successful" });
    });

    it("S29: calls a group busy while another update is in flight", async () => {
      const busy = {
        managed: eksError(409, "ResourceInUseException", "busy"),
        self: queryError(400, "ScalingActivityInProgress", "busy"),
      };
      const { capacity } = await start(({ action }) =>
        action === "UpdateAutoScalingGroup" ? busy.self : busy.managed,
      );
      assert.deepEqual(await capacity.resize(MANAGED, asleep, "t"), { kind: "busy", message: "busy" });
      assert.deepEqual(await capacity.resize(SELF_MANAGED, asleep, "t"), { kind: "busy", message: "busy" });
    });

    it("tells a missing group from a missing cluster", async () => {
      const answers = [
        eksError(404, "ResourceNotFoundException", "No node group found for name: general."),
        queryError(400, "ValidationError", "AutoScalingGroup name not found - AutoScalingGroup batch not found"),
        eksError(404, "ResourceNotFoundException", "No cluster found for name: payments."),
      ];
      const { capacity } = await start(() => answers.shift()!);
      assert.deepEqual(await capacity.resize(MANAGED, asleep, "t"), { kind: "group-gone" });
      assert.deepEqual(await capacity.resize(SELF_MANAGED, asleep, "t"), { kind: "group-gone" });
      await assert.rejects(capacity.resize(MANAGED, asleep, "t"), { code: "cluster-not-found" });
    });

    it("sees throttling behind an invalid request (aws.md §2)", async () => {
      const { capacity } = await start(() => eksError(400, "InvalidRequestException", "Request limit exceeded."));
      await assert.rejects(capacity.resize(MANAGED, asleep, "t"), { code: "throttled" });
    });

    it("passes on why AWS refuses a size", async () => {
      const { capacity } = await start(() => eksError(400, "InvalidParameterException", "maxSize must be at least 1"));
      await assert.rejects(capacity.resize(MANAGED, asleep, "t"), { code: "resize-failed", message: /at least 1/ });
    });

    it("tells where an update stands (safe-cycle H29)", async () => {
      const updates = [
        { status: "InProgress" },
        { status: "Failed", errors: [{ errorCode: "OperationNotPermitted", errorMessage: "no" }] },
        { status: "Cancelled" },
        { status: "Successful" },
      ];
      const { capacity, aws } = await start(() => ({ body: { update: updates.shift() } }));
      const ask = () => capacity.resizeStatus(MANAGED, "u-1");
      assert.deepEqual(await ask(), { kind: "in-progress" });
      assert.deepEqual(await ask(), { kind: "failed", message: "OperationNotPermitted: no" });
      assert.deepEqual(await ask(), { kind: "failed", message: "The update ended as Cancelled." });
      assert.deepEqual(await ask(), { kind: "successful" });
      assert.deepEqual(await ask(), { kind: "successful" });
      assert.equal(aws.asked.length, 4, "an update that has ended well is not asked for again");
    });
  });

  describe("asked for scaling activities", () => {
    const activity = (status: string, cause: string, message: string) =>
      `<member><ActivityId>a</ActivityId><AutoScalingGroupName>batch</AutoScalingGroupName><Cause>${cause}</Cause>` +
      `<StartTime>2026-11-20T03:00:00Z</StartTime><StatusCode>${status}</StatusCode><StatusMessage>${message}</StatusMessage></member>`;

    it("gives each with its cause, and why it failed (safe-cycle W8)", async () => {
      const { capacity, aws } = await start(() => ({
        body: `<DescribeScalingActivitiesResponse><DescribeScalingActivitiesResult><Activities>${activity("Failed", "a difference", "no addresses")}${activity("Successful", "a user request", "")}</Activities></DescribeScalingActivitiesResult></DescribeScalingActivitiesResponse>`,
      }));
      const at = Date.UTC(2026, 10, 20, 3);
      assert.deepEqual(await capacity.scalingActivities(SELF_MANAGED), [
        { at, state: "failed", cause: "a difference", message: "no addresses" },
        { at, state: "successful", cause: "a user request", message: "" },
      ]);
      assert.equal(aws.asked[0]!.body["AutoScalingGroupName"], "batch");
    });

    it("gives none for a group that is gone", async () => {
      const { capacity } = await start(() => queryError(400, "ValidationError", "AutoScalingGroup name not found"));
      assert.deepEqual(await capacity.scalingActivities(SELF_MANAGED), []);
    });
  });
});

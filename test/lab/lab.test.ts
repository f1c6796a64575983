import assert from "node:assert/strict";
import { DescribeInstancesCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  DescribeClusterCommand,
  DescribeNodegroupCommand,
  DescribeUpdateCommand,
  EKSClient,
  UpdateNodegroupConfigCommand,
} from "@aws-sdk/client-eks";
import { Agent, fetch } from "undici";
import { assumeRole, eksToken, type SessionCredentials } from "./eks-token.js";
import { startLab, type Lab, type LabCluster } from "./index.js";
import { until } from "./until.js";

describe("the lab", function () {
  this.timeout(60_000);
  let lab: Lab;
  let pay: LabCluster;
  let web: LabCluster;
  let payRole: SessionCredentials;

  before(async () => {
    lab = await startLab({
      countCalls: true,
      clusters: [
        {
          name: "pay",
          account: "111111111111",
          region: "us-east-1",
          groups: [
            { name: "general", kind: "managed", min: 1, desired: 2, max: 5 },
            { name: "pay-batch", kind: "self-managed", min: 0, desired: 1, max: 4, zones: ["us-east-1b"] },
          ],
        },
        {
          name: "web",
          account: "222222222222",
          region: "ap-southeast-2",
          authenticationMode: "API",
          groups: [{ name: "general", kind: "managed", min: 1, desired: 1, max: 5 }],
        },
      ],
    });
    pay = lab.cluster("pay");
    web = lab.cluster("web");
    payRole = await assumeRole(lab, pay.roleArn);
  });
  after(() => lab.stop());

  const eks = (cluster: LabCluster, credentials: SessionCredentials): EKSClient =>
    new EKSClient({ region: cluster.region, endpoint: lab.aws.endpointUrl, credentials, maxAttempts: 1 });

  const get = async (cluster: LabCluster, path: string, token: string): Promise<number> => {
    const dispatcher = new Agent({ connect: { ca: cluster.caPem } });
    const response = await fetch(cluster.endpoint + path, {
      dispatcher,
      headers: { authorization: `Bearer ${token}` },
    });
    await response.text();
    await dispatcher.close();
    return response.status;
  };

  const resize = async (desired: number, min: number): Promise<void> => {
    const scalingConfig = { minSize: min, desiredSize: desired, maxSize: 5 };
    const command = { clusterName: "pay", nodegroupName: "general", scalingConfig };
    await eks(pay, payRole).send(new UpdateNodegroupConfigCommand(command));
  };

  const describeGroup = async () => {
    const command = new DescribeNodegroupCommand({ clusterName: "pay", nodegroupName: "general" });
    return (await eks(pay, payRole).send(command)).nodegroup;
  };

  describe("tokens", () => {
    it("lets the assumed role list nodes and nothing more than its group may", async () => {
      const token = await eksToken(pay, payRole);
      assert.equal(await get(pay, "/api/v1/nodes", token), 200);
      assert.equal(await get(pay, "/api/v1/namespaces/default/secrets", token), 403);
    });

    it("says through DescribeCluster where the cluster's API is", async () => {
      const { cluster } = await eks(pay, payRole).send(new DescribeClusterCommand({ name: "pay" }));
      assert.equal(cluster?.endpoint, pay.endpoint);
      assert.equal(Buffer.from(cluster.certificateAuthority?.data ?? "", "base64").toString(), pay.caPem);
      assert.equal(cluster.accessConfig?.authenticationMode, "API_AND_CONFIG_MAP");
    });

    it("refuses a token made for another cluster, and one whose role has no access entry", async () => {
      assert.equal(await get(web, "/api/v1/nodes", await eksToken(pay, payRole)), 401);
      assert.equal(await get(web, "/api/v1/nodes", await eksToken(web, payRole)), 401);
    });

    it("refuses every token of a cluster that knows roles from its ConfigMap only", async () => {
      await pay.patchCluster({ accessConfig: { authenticationMode: "CONFIG_MAP" } });
      assert.equal(await get(pay, "/api/v1/nodes", await eksToken(pay, await assumeRole(lab, pay.roleArn))), 401);
      await pay.patchCluster({ accessConfig: { authenticationMode: "API_AND_CONFIG_MAP" } });
    });

    it("takes a token for a quarter of an hour, and only with the right secret", async () => {
      const minutesAgo = (count: number): Date => new Date(Date.now() - count * 60_000);
      assert.equal(await get(pay, "/api/v1/nodes", await eksToken(pay, payRole, minutesAgo(14))), 200);
      assert.equal(await get(pay, "/api/v1/nodes", await eksToken(pay, payRole, minutesAgo(16))), 401);
      const forged = { ...payRole, secretAccessKey: "another-secret" };
      assert.equal(await get(pay, "/api/v1/nodes", await eksToken(pay, forged)), 401);
    });
  });

  describe("nodes", () => {
    it("come from instances, labelled by their group", async () => {
      const { items } = await pay.admin.core.listNode();
      const groups = items.map(({ metadata }) => metadata?.labels ?? {});
      assert.equal(groups.filter((labels) => labels["eks.amazonaws.com/nodegroup"] === "general").length, 2);
      assert.equal(groups.filter((labels) => labels["lab/asg"] === "pay-batch").length, 1);
      const { instances } = await pay.group("pay-batch").read();
      const batch = items.find(({ metadata }) => metadata?.labels?.["lab/asg"]);
      assert.equal(batch?.spec?.providerID, `aws:///us-east-1b/${String(instances[0])}`);
    });

    it("leave when their node group goes to zero and come back with it", async () => {
      await resize(0, 0);
      await pay.waitForNodes(1);
      await until(async () => (await pay.group("general").read()).instances.length === 0);
      await resize(2, 1);
      await pay.waitForNodes(3);
    });
  });

  describe("the cloud", () => {
    it("refuses sizes that AWS refuses, and a second update while one is under way", async () => {
      await assert.rejects(resize(1, 2), { name: "InvalidParameterException" });
      await pay.group("general").beginForeignUpdate();
      await assert.rejects(resize(2, 1), { name: "ResourceInUseException" });
      await pay.group("general").endForeignUpdate();
      await resize(2, 1);
      await assert.rejects(pay.group("pay-batch").resize({ min: 2, desired: 1, max: 3 }), { name: "ValidationError" });
    });

    it("shows the instances of its groups in EC2, tagged by their group", async () => {
      const ec2 = new EC2Client({ region: pay.region, endpoint: lab.aws.endpointUrl, credentials: payRole });
      const { name, instances } = await pay.group("general").read();
      const filter = { Name: "tag:aws:autoscaling:groupName", Values: [name] };
      const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ Filters: [filter] }));
      const running = Reservations.flatMap(({ Instances = [] }) => Instances).filter(
        ({ State }) => State?.Name === "running",
      );
      assert.deepEqual(running.map(({ InstanceId }) => InstanceId).sort(), [...instances].sort());
      assert.deepEqual([...new Set(running.map(({ Placement }) => Placement?.AvailabilityZone))].sort(), [
        "us-east-1a",
        "us-east-1b",
      ]);
      assert.ok(
        running.every(({ Tags = [] }) =>
          Tags.some((tag) => tag.Key === "eks:nodegroup-name" && tag.Value === "general"),
        ),
      );
    });

    it("gives a repeated request the same update, also when the first answer was lost", async () => {
      const scalingConfig = { minSize: 1, desiredSize: 2, maxSize: 5 };
      const group = { clusterName: "pay", nodegroupName: "general" };
      const update = () =>
        eks(pay, payRole).send(
          new UpdateNodegroupConfigCommand({ ...group, scalingConfig, clientRequestToken: "once" }),
        );
      await until(async () => (await describeGroup())?.status === "ACTIVE");
      lab.aws.inject({ action: "UpdateNodegroupConfig", times: 1, kind: "lost-reply" });
      await assert.rejects(update());
      const updateId = (await update()).update?.id;
      assert.equal((await update()).update?.id, updateId);
      await until(async () => {
        const query = { name: "pay", nodegroupName: "general", updateId };
        return (await eks(pay, payRole).send(new DescribeUpdateCommand(query))).update?.status === "Successful";
      });
    });

    it("shows a degraded group with its issues", async () => {
      const issue = { code: "AsgInstanceLaunchFailures", message: "no capacity", resourceIds: [] };
      await pay.group("general").setHealth([issue]);
      const nodegroup = await describeGroup();
      assert.equal(nodegroup?.status, "DEGRADED");
      assert.deepEqual(nodegroup.health?.issues, [issue]);
      await pay.group("general").setHealth([]);
    });

    it("denies a role that does not exist", async () => {
      const missing = assumeRole(lab, "arn:aws:iam::333333333333:role/curfew-spoke");
      await assert.rejects(missing, { name: "AccessDenied" });
    });

    it("counts calls by the caller's account and injects faults into them", async () => {
      lab.aws.resetCalls();
      lab.aws.inject({ service: "eks", action: "DescribeCluster", times: 1, kind: "throttle" });
      const describeCluster = () => eks(pay, payRole).send(new DescribeClusterCommand({ name: "pay" }));
      await assert.rejects(describeCluster(), { name: "ThrottlingException" });
      await describeCluster();
      const expected = [{ account: "111111111111", service: "eks", action: "DescribeCluster", count: 2 }];
      assert.deepEqual(lab.aws.calls(), expected);
    });

    it("keeps instances that are protected or whose termination is suspended", async () => {
      const batch = pay.group("pay-batch");
      const { instances } = await batch.read();
      await batch.protectInstances(instances, true);
      await batch.resize({ min: 0, desired: 0, max: 4 });
      assert.deepEqual((await batch.read()).instances, instances);
      await batch.suspendProcesses("Terminate");
      await batch.protectInstances(instances, false);
      assert.deepEqual((await batch.read()).instances, instances);
      assert.deepEqual(await batch.suspendedProcesses(), ["Terminate"]);
      await batch.resumeProcesses("Terminate");
      assert.deepEqual((await batch.read()).instances, []);
    });

    it("launches nothing while it refuses to", async () => {
      const batch = pay.group("pay-batch");
      await batch.refuseLaunches("no capacity");
      await batch.resize({ min: 0, desired: 1, max: 4 });
      assert.deepEqual((await batch.read()).instances, []);
      await batch.allowLaunches();
      assert.equal((await batch.read()).instances.length, 1);
      await pay.waitForNodes(3);
    });

    it("replaces an instance, and its node with it", async () => {
      const batch = pay.group("pay-batch");
      const [before] = (await batch.read()).instances;
      await batch.replaceInstance();
      const [after] = (await batch.read()).instances;
      assert.notEqual(after, before);
      await until(async () => {
        const { items } = await pay.admin.core.listNode({ labelSelector: "lab/asg=pay-batch" });
        return items.length === 1 && (items[0]?.spec?.providerID ?? "").endsWith(String(after));
      });
    });
  });

  it("counts what the API server answers, by user, verb and resource", async () => {
    const token = await eksToken(web, await assumeRole(lab, web.roleArn));
    await get(web, "/api/v1/nodes", token);
    const user = "arn:aws:sts::222222222222:assumed-role/curfew-spoke/lab";
    const ours = await until(async () => (await web.calls()).find((call) => call.user === user));
    assert.deepEqual(ours, { user, verb: "list", resource: "nodes", count: 1 });
  });
});

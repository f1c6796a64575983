import { setTimeout as sleep } from "node:timers/promises";
import { CreateAutoScalingGroupCommand, DeleteAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import { CreateNodegroupCommand, DeleteNodegroupCommand } from "@aws-sdk/client-eks";
import { createAwsCapacity } from "../../runtime/adapters/aws/capacity.js";
import { createAwsClients, type AwsClientCache } from "../../runtime/adapters/aws/clients.js";
import { createSystemClock } from "../../runtime/adapters/system/clock.js";
import type { Capacity, ClusterIdentity } from "../../runtime/ports/index.js";
import { karpenterInstances } from "../lab/controllers/karpenter-instances.js";
import type { Emulator } from "../lab/emulator/emulator.js";
import { accountClients, provisionCluster, spokeRoleArn } from "../lab/emulator/provision.js";
import { groupControls } from "../lab/group-controls.js";
import { until } from "../lab/until.js";
import type { CapacityFixture, CapacityLab, FixtureGroup } from "./capacity.js";
import { NO_API, startEmulatedAws } from "./emulated-aws.js";

const REGION = "eu-west-1";
const ZONES = ["a", "b", "c"].map((letter) => `${REGION}${letter}`);
const FOREIGN_UPDATE_MS = 1_000;

/** The AWS adapter over the emulated EKS and Auto Scaling, every cluster in an account of its own. */
export async function startRealCapacity(): Promise<CapacityLab> {
  await using starting = new AsyncDisposableStack();
  const { emulator } = starting.use(await startEmulatedAws(REGION));
  const clients = createAwsClients({ clock: createSystemClock(), operationId: "contract" });
  starting.defer(() => clients.close());
  const running = starting.move();
  let accounts = 200_000_000_000;
  return {
    open: () => openFixture(emulator, clients, { account: `${(accounts += 1)}`, region: REGION, name: "payments" }),
    close: () => running.disposeAsync(),
  };
}

async function openFixture(
  emulator: Emulator,
  clients: AwsClientCache,
  identity: ClusterIdentity,
): Promise<CapacityFixture> {
  const spec = { ...identity, groups: [] };
  await provisionCluster(emulator, spec, NO_API);
  const { eks, autoScaling } = accountClients(emulator, spec);
  const controls = ({ kind, name }: Pick<FixtureGroup, "kind" | "name">) =>
    groupControls(emulator, { ...spec, groups: [{ kind, name, min: 0, desired: 0, max: 1 }] }, name);

  function capacityOf(cluster: ClusterIdentity): Capacity {
    const access = { roleArn: spokeRoleArn(identity.account) };
    return createAwsCapacity({ identity: cluster, access, clients: clients.clientsFor(cluster, access) });
  }

  const capacity = capacityOf(identity);
  const karpenter = karpenterInstances(emulator.url, identity);

  async function addManaged({ name, size }: FixtureGroup): Promise<void> {
    await eks.send(
      new CreateNodegroupCommand({
        clusterName: identity.name,
        nodegroupName: name,
        nodeRole: `arn:aws:iam::${identity.account}:role/eks-node`,
        subnets: ZONES.map((zone) => `subnet-${zone}`),
        scalingConfig: { minSize: size.min, desiredSize: size.desired, maxSize: size.max },
      }),
    );
  }

  async function addAutoScalingGroup(name: string, size: FixtureGroup["size"], clusterName: string): Promise<void> {
    const tag = { ResourceId: name, ResourceType: "auto-scaling-group", PropagateAtLaunch: true, Value: "owned" };
    await autoScaling.send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName: name,
        MinSize: size.min,
        DesiredCapacity: size.desired,
        MaxSize: size.max,
        AvailabilityZones: [...ZONES],
        LaunchTemplate: { LaunchTemplateId: "lt-00000000000000000", Version: "1" },
        Tags: [{ ...tag, Key: `kubernetes.io/cluster/${clusterName}` }],
      }),
    );
  }

  async function untilInService({ name, size }: FixtureGroup): Promise<void> {
    await until(async () => {
      const group = (await capacity.listGroups()).find((each) => each.name === name);
      const instances = group && (await capacity.readInstances([group]))[0]?.instances;
      return instances?.length === size.desired && instances.every(({ state }) => state === "InService");
    });
  }

  return {
    identity,
    capacity,
    missing: capacityOf({ ...identity, name: "no-such-cluster" }),
    addGroup: async (group) => {
      await (group.kind === "managed" ? addManaged(group) : addAutoScalingGroup(group.name, group.size, identity.name));
      await untilInService(group);
    },
    removeGroup: async ({ kind, name }) => {
      if (kind === "managed") {
        await eks.send(new DeleteNodegroupCommand({ clusterName: identity.name, nodegroupName: name }));
      } else {
        await autoScaling.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: name, ForceDelete: true }));
      }
    },
    addForeignGroup: (name) => addAutoScalingGroup(name, { min: 0, desired: 1, max: 1 }, "search"),
    startForeignUpdate: async (name) => {
      const group = controls({ kind: "managed", name });
      await group.beginForeignUpdate();
      void sleep(FOREIGN_UPDATE_MS).then(() => group.endForeignUpdate());
    },
    suspendProcesses: (group, processes) => controls(group).suspendProcesses(...processes),
    resumeProcesses: (group, processes) => controls(group).resumeProcesses(...processes),
    enableAutoMode: async ({ nodePools, nodeRoleArn }) => {
      const fields = { computeConfig: { enabled: true, nodePools, nodeRoleArn } };
      await emulator.control("patch-cluster", {
        account: identity.account,
        region: REGION,
        cluster: identity.name,
        fields,
      });
    },
    launchKarpenterInstance: () => karpenter.launch("default"),
    wait: (ms) => sleep(ms),
    dispose: () => {
      karpenter.close();
      eks.destroy();
      autoScaling.destroy();
    },
  };
}

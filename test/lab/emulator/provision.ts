import { AutoScalingClient, CreateAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import { CreateAccessEntryCommand, CreateClusterCommand, CreateNodegroupCommand, EKSClient } from "@aws-sdk/client-eks";
import { CURFEW_GROUP } from "../cluster/rbac.js";
import type { ClusterSpec, GroupSpec } from "../spec.js";
import { SECRET_ACCESS_KEY, type Emulator } from "./emulator.js";

/** Name of the role in each spoke account that Curfew assumes. */
const SPOKE_ROLE = "curfew-spoke";

/** ARN of the role in `account` that Curfew assumes. */
export const spokeRoleArn = (account: string): string => `arn:aws:iam::${account}:role/${SPOKE_ROLE}`;

/** Clients of one account as its root, past the proxy, so that the lab's own calls are neither counted nor hit. */
export interface AccountClients {
  readonly eks: EKSClient;
  readonly autoScaling: AutoScalingClient;
}

export function accountClients(emulator: Emulator, { account, region }: ClusterSpec): AccountClients {
  const config = {
    region,
    endpoint: emulator.url,
    credentials: { accessKeyId: account, secretAccessKey: SECRET_ACCESS_KEY },
  };
  return { eks: new EKSClient(config), autoScaling: new AutoScalingClient(config) };
}

/** Where a cluster's Kubernetes API really is. */
export interface ClusterApi {
  readonly endpoint: string;
  readonly caPem: string;
}

/** Makes in the emulated cloud what stands for one cluster: the cluster, its groups, the role and its access entry. */
export async function provisionCluster(emulator: Emulator, spec: ClusterSpec, api: ClusterApi): Promise<void> {
  const { eks, autoScaling } = accountClients(emulator, spec);
  const { name, account, region } = spec;
  const authenticationMode = spec.authenticationMode ?? "API_AND_CONFIG_MAP";
  await emulator.control("create-role", { arn: spokeRoleArn(account) });
  await eks.send(
    new CreateClusterCommand({
      name,
      version: "1.36",
      roleArn: `arn:aws:iam::${account}:role/eks-cluster`,
      resourcesVpcConfig: { subnetIds: [], endpointPublicAccess: true },
      accessConfig: { authenticationMode },
      ...(spec.tags ? { tags: { ...spec.tags } } : {}),
    }),
  );
  const certificateAuthority = { data: Buffer.from(api.caPem).toString("base64") };
  const fields = { endpoint: api.endpoint, certificateAuthority, status: "ACTIVE" };
  await emulator.control("patch-cluster", { account, region, cluster: name, fields });
  if (authenticationMode !== "CONFIG_MAP" && spec.hasAccessEntry !== false) {
    const principalArn = spokeRoleArn(account);
    await eks.send(new CreateAccessEntryCommand({ clusterName: name, principalArn, kubernetesGroups: [CURFEW_GROUP] }));
  }
  for (const group of spec.groups) {
    await (group.kind === "managed"
      ? createNodegroup(eks, spec, group)
      : createAutoScalingGroup(autoScaling, spec, group));
  }
  eks.destroy();
  autoScaling.destroy();
}

const zonesOf = (spec: ClusterSpec, group: GroupSpec): readonly string[] =>
  group.zones ?? ["a", "b", "c"].map((letter) => `${spec.region}${letter}`);

async function createNodegroup(eks: EKSClient, spec: ClusterSpec, group: GroupSpec): Promise<void> {
  await eks.send(
    new CreateNodegroupCommand({
      clusterName: spec.name,
      nodegroupName: group.name,
      nodeRole: `arn:aws:iam::${spec.account}:role/eks-node`,
      // The emulator reads the zones of the group from the names of its subnets.
      subnets: zonesOf(spec, group).map((zone) => `subnet-${zone}`),
      instanceTypes: ["m6i.xlarge"],
      scalingConfig: { minSize: group.min, desiredSize: group.desired, maxSize: group.max },
    }),
  );
}

async function createAutoScalingGroup(client: AutoScalingClient, spec: ClusterSpec, group: GroupSpec): Promise<void> {
  const tag = { ResourceId: group.name, ResourceType: "auto-scaling-group", PropagateAtLaunch: true };
  await client.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: group.name,
      MinSize: group.min,
      MaxSize: group.max,
      DesiredCapacity: group.desired,
      AvailabilityZones: [...zonesOf(spec, group)],
      LaunchTemplate: { LaunchTemplateId: "lt-00000000000000000", Version: "1" },
      Tags: [{ ...tag, Key: `kubernetes.io/cluster/${spec.name}`, Value: "owned" }],
    }),
  );
}

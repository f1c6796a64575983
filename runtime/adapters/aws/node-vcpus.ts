import type { AutoScalingGroup, MixedInstancesPolicy } from "@aws-sdk/client-auto-scaling";
import type { ResponseLaunchTemplateData } from "@aws-sdk/client-ec2";
import type { NodeVcpus, Prospects } from "../../ports/index.js";
import type { AskAws } from "./ask-aws.js";
import type { AutoScalingGroups } from "./auto-scaling-groups.js";
import type { AwsClients } from "./clients.js";
import { isUsualFamily } from "./instance-family.js";
import { readTemplate, templateOf } from "./launch-template.js";

/** What a group may launch. */
interface Launches {
  /** Empty where it chooses types by what they can do. */
  readonly types: readonly string[];
  readonly onDemand: NodeVcpus["onDemand"];
}

/**
 * Reads how the nodes of groups count against quotas on vCPUs: of which types and market they are, as their Auto Scaling
 * groups say or, where these leave it to their launch template, as that says.
 */
export function createNodeVcpus(
  { behind }: Pick<AutoScalingGroups, "behind">,
  { ec2 }: AwsClients,
  ask: AskAws,
): Prospects["nodeVcpus"] {
  async function launchesOf(group: AutoScalingGroup): Promise<Launches> {
    const { MixedInstancesPolicy: policy } = group;
    const named = typesNamed(policy);
    if (policy && named.length > 0) return { types: named, onDemand: onDemandOf(policy) };
    const template = templateOf(group);
    const data = template === null ? undefined : (await readTemplate(template, ec2, ask))?.LaunchTemplateData;
    const types = data?.InstanceType === undefined || choosesTypes(policy) ? [] : [data.InstanceType];
    return { types, onDemand: policy ? onDemandOf(policy) : marketOf(data) };
  }

  return async (groups) => {
    const found: (Launches & Pick<NodeVcpus, "groupId">)[] = [];
    for (const { id, group } of await behind(groups)) found.push({ groupId: id, ...(await launchesOf(group)) });
    const types = [...new Set(found.flatMap((one) => one.types))].filter(isUsualFamily);
    const vcpus = await ask("ec2:DescribeInstanceTypes", () => readVcpus(types, ec2));
    return found.map(({ groupId, types: own, onDemand }) => ({ groupId, vcpus: largest(own, vcpus), onDemand }));
  };
}

function typesNamed(policy: MixedInstancesPolicy | undefined): readonly string[] {
  return (policy?.LaunchTemplate?.Overrides ?? []).flatMap(({ InstanceType }) => InstanceType ?? []);
}

function choosesTypes(policy: MixedInstancesPolicy | undefined): boolean {
  return (policy?.LaunchTemplate?.Overrides ?? []).some(({ InstanceRequirements }) => InstanceRequirements);
}

/** Auto Scaling's own defaults stand for what a policy leaves out. */
function onDemandOf({ InstancesDistribution: distribution }: MixedInstancesPolicy): NodeVcpus["onDemand"] {
  const { OnDemandBaseCapacity: base = 0, OnDemandPercentageAboveBaseCapacity: percent = 100 } = distribution ?? {};
  return { base, percent };
}

function marketOf(data: ResponseLaunchTemplateData | undefined): NodeVcpus["onDemand"] {
  return { base: 0, percent: data?.InstanceMarketOptions?.MarketType === "spot" ? 0 : 100 };
}

/** By filter, which leaves out what this Region does not offer: asked by name, EC2 refuses the whole request for it. */
async function readVcpus(types: readonly string[], ec2: AwsClients["ec2"]): Promise<ReadonlyMap<string, number>> {
  const vcpus = new Map<string, number>();
  if (types.length === 0) return vcpus;
  const { paginateDescribeInstanceTypes } = await import("@aws-sdk/client-ec2");
  const Filters = [{ Name: "instance-type", Values: [...types] }];
  for await (const { InstanceTypes = [] } of paginateDescribeInstanceTypes({ client: await ec2() }, { Filters })) {
    for (const { InstanceType = "", VCpuInfo } of InstanceTypes) vcpus.set(InstanceType, VCpuInfo?.DefaultVCpus ?? 0);
  }
  return vcpus;
}

/** Null as soon as one of the types is not known: any of them may be what comes. */
function largest(types: readonly string[], vcpus: ReadonlyMap<string, number>): number | null {
  const known = types.map((type) => vcpus.get(type) ?? 0);
  return known.length === 0 || known.includes(0) ? null : Math.max(...known);
}

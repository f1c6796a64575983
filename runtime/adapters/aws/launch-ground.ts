import type { AutoScalingGroup } from "@aws-sdk/client-auto-scaling";
import type { EC2Client } from "@aws-sdk/client-ec2";
import type { GroupTemplate, Prospects } from "../../ports/index.js";
import type { AskAws } from "./ask-aws.js";
import type { AutoScalingGroups } from "./auto-scaling-groups.js";
import { readAwsFault } from "./aws-fault.js";
import type { AwsClients } from "./clients.js";

/**
 * Reads what groups launch from and into, as their Auto Scaling groups name it: of a managed group too, for EKS makes a
 * template of its own for each.
 */
export function createLaunchGround(
  { behind }: Pick<AutoScalingGroups, "behind">,
  { ec2 }: AwsClients,
  ask: AskAws,
): Pick<Prospects, "subnets" | "launchTemplates"> {
  return {
    async subnets(groups) {
      const wanted = (await behind(groups)).map(({ id, group }) => ({ groupId: id, ids: subnetsOf(group) }));
      const ids = [...new Set(wanted.flatMap((each) => each.ids))];
      const free = await ask("ec2:DescribeSubnets", async () => readFreeAddresses(ids, ec2));
      return wanted.map(({ groupId, ids: own }) => ({
        groupId,
        subnets: own.map((id) => ({ id, freeAddresses: free.get(id) ?? null })),
      }));
    },
    async launchTemplates(groups) {
      const found: GroupTemplate[] = [];
      for (const { id, group } of await behind(groups)) {
        const template = templateOf(group);
        if (template === null) continue;
        const exists = await ask("ec2:DescribeLaunchTemplateVersions", async () =>
          templateExists(template, await ec2()),
        );
        found.push({ groupId: id, template: `${template.key}:${template.version}`, exists });
      }
      return found;
    },
  };
}

function subnetsOf({ VPCZoneIdentifier = "" }: AutoScalingGroup): readonly string[] {
  return VPCZoneIdentifier.split(",")
    .map((id) => id.trim())
    .filter((id) => id !== "");
}

/** By filter, which leaves out what it does not find: asked by ids, EC2 refuses the whole request for one that is gone. */
async function readFreeAddresses(ids: readonly string[], ec2: AwsClients["ec2"]): Promise<ReadonlyMap<string, number>> {
  const free = new Map<string, number>();
  if (ids.length === 0) return free;
  const { paginateDescribeSubnets } = await import("@aws-sdk/client-ec2");
  const Filters = [{ Name: "subnet-id", Values: [...ids] }];
  for await (const { Subnets = [] } of paginateDescribeSubnets({ client: await ec2() }, { Filters })) {
    for (const { SubnetId = "", AvailableIpAddressCount = 0 } of Subnets) free.set(SubnetId, AvailableIpAddressCount);
  }
  return free;
}

interface Template {
  /** Its id, else its name. */
  readonly key: string;
  readonly isId: boolean;
  readonly version: string;
}

function templateOf({ LaunchTemplate, MixedInstancesPolicy }: AutoScalingGroup): Template | null {
  const template = LaunchTemplate ?? MixedInstancesPolicy?.LaunchTemplate?.LaunchTemplateSpecification;
  const key = template?.LaunchTemplateId ?? template?.LaunchTemplateName;
  if (key === undefined) return null;
  return { key, isId: template?.LaunchTemplateId !== undefined, version: template?.Version ?? "$Default" };
}

async function templateExists({ key, isId, version }: Template, ec2: EC2Client): Promise<boolean> {
  const { DescribeLaunchTemplateVersionsCommand } = await import("@aws-sdk/client-ec2");
  const named = isId ? { LaunchTemplateId: key } : { LaunchTemplateName: key };
  try {
    const request = new DescribeLaunchTemplateVersionsCommand({ ...named, Versions: [version] });
    const { LaunchTemplateVersions = [] } = await ec2.send(request);
    return LaunchTemplateVersions.length > 0;
  } catch (error) {
    if (/^InvalidLaunchTemplate\w*\.(NotFound|VersionNotFound)/.test(readAwsFault(error).name)) return false;
    throw error;
  }
}

import type { AutoScalingGroup } from "@aws-sdk/client-auto-scaling";
import type { GroupTemplate, Prospects } from "../../ports/index.js";
import type { AskAws } from "./ask-aws.js";
import type { AutoScalingGroups } from "./auto-scaling-groups.js";
import type { AwsClients } from "./clients.js";
import { readTemplate, templateOf } from "./launch-template.js";

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
        const version = await readTemplate(template, ec2, ask);
        found.push({ groupId: id, template: `${template.key}:${template.version}`, exists: version !== null });
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

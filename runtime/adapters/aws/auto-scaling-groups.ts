import {
  type AutoScalingClient,
  type AutoScalingGroup,
  paginateDescribeAutoScalingGroups,
} from "@aws-sdk/client-auto-scaling";
import type { NodeGroup } from "../../ports/index.js";
import type { AskAws } from "./ask-aws.js";
import type { AwsClients } from "./clients.js";

/** A node group's id, and the Auto Scaling group behind it. */
export interface GroupBehind {
  readonly id: string;
  readonly group: AutoScalingGroup;
}

/** Reads of one cluster's Auto Scaling groups. */
export interface AutoScalingGroups {
  /** All with the cluster's tag: the self-managed ones, and those that EKS made. */
  tagged(): Promise<readonly AutoScalingGroup[]>;
  /** Those behind node groups; what is gone is left out. */
  behind(groups: readonly NodeGroup[]): Promise<readonly GroupBehind[]>;
}

/** The most that one DescribeAutoScalingGroups takes and gives. */
const GROUPS_PER_CALL = 100;

/** The reads, batched and paged (aws.md §2). Makes no call by itself. */
export function createAutoScalingGroups(
  clusterName: string,
  { autoScaling }: AwsClients,
  ask: AskAws,
): AutoScalingGroups {
  const describe = (input: DescribeInput) =>
    ask("autoscaling:DescribeAutoScalingGroups", () => readAll(autoScaling, input));

  return {
    tagged: () =>
      describe({ Filters: [{ Name: `tag:kubernetes.io/cluster/${clusterName}`, Values: ["owned", "shared"] }] }),
    async behind(groups) {
      const idByName = new Map(groups.map(({ autoScalingGroup, id }) => [autoScalingGroup, id]));
      const names = [...idByName.keys()].filter((name) => name !== "");
      const found: GroupBehind[] = [];
      for (let from = 0; from < names.length; from += GROUPS_PER_CALL) {
        for (const group of await describe({ AutoScalingGroupNames: names.slice(from, from + GROUPS_PER_CALL) })) {
          const id = idByName.get(group.AutoScalingGroupName ?? "");
          if (id !== undefined) found.push({ id, group });
        }
      }
      return found;
    },
  };
}

type DescribeInput = Parameters<typeof paginateDescribeAutoScalingGroups>[1];

async function readAll(client: AutoScalingClient, input: DescribeInput): Promise<readonly AutoScalingGroup[]> {
  const groups: AutoScalingGroup[] = [];
  const pages = paginateDescribeAutoScalingGroups({ client, pageSize: GROUPS_PER_CALL }, input);
  for await (const { AutoScalingGroups = [] } of pages) groups.push(...AutoScalingGroups);
  return groups;
}

import type { Capacity } from "../../ports/index.js";
import type { AskAws } from "./ask-aws.js";
import type { AwsClients } from "./clients.js";

/** States in which an instance is, or may again be, paid for. */
const STANDING = ["pending", "running", "stopping", "stopped"];

/** Finds what Karpenter launched for a cluster by the tags that it sets on every instance. */
export function createKarpenterInstances(
  clusterName: string,
  { ec2 }: AwsClients,
  ask: AskAws,
): Capacity["karpenterInstances"] {
  const Filters = [
    { Name: "tag-key", Values: ["karpenter.sh/nodepool"] },
    { Name: `tag:kubernetes.io/cluster/${clusterName}`, Values: ["owned"] },
    { Name: "instance-state-name", Values: STANDING },
  ];
  return () =>
    ask("ec2:DescribeInstances", async () => {
      const { paginateDescribeInstances } = await import("@aws-sdk/client-ec2");
      const ids: string[] = [];
      for await (const { Reservations = [] } of paginateDescribeInstances({ client: await ec2() }, { Filters })) {
        for (const { Instances = [] } of Reservations) ids.push(...Instances.map(({ InstanceId = "" }) => InstanceId));
      }
      return ids.sort();
    });
}

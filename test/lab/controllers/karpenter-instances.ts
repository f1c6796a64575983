import { EC2Client, RunInstancesCommand, TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import { SECRET_ACCESS_KEY } from "../emulator/emulator.js";

/** Instances that Karpenter launches and ends itself, tagged as it tags them. */
export interface KarpenterInstances {
  /** Gives the instance's id. */
  launch(pool: string): Promise<string>;
  terminate(id: string): Promise<void>;
  close(): void;
}

/** Launches for a cluster, in its account of the emulated cloud at `endpoint`. */
export function karpenterInstances(
  endpoint: string,
  { name, account, region }: { readonly name: string; readonly account: string; readonly region: string },
): KarpenterInstances {
  const credentials = { accessKeyId: account, secretAccessKey: SECRET_ACCESS_KEY };
  const ec2 = new EC2Client({ region, endpoint, credentials });
  return {
    launch: async (pool) => {
      const Tags = [
        { Key: "karpenter.sh/nodepool", Value: pool },
        { Key: `kubernetes.io/cluster/${name}`, Value: "owned" },
      ];
      const TagSpecifications = [{ ResourceType: "instance" as const, Tags }];
      const { Instances } = await ec2.send(
        new RunInstancesCommand({ ImageId: "ami-00000000", MinCount: 1, MaxCount: 1, TagSpecifications }),
      );
      return Instances?.[0]?.InstanceId ?? "";
    },
    terminate: async (id) => {
      await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    },
    close: () => ec2.destroy(),
  };
}

import { EKSClient, UpdateNodegroupConfigCommand } from "@aws-sdk/client-eks";

import type { ClusterSpec, Lab } from "../../lab/index.js";

/** Starts one node in the group `general`, as somebody of the cluster's account does it in the console. */
export async function wakeByHand(lab: Lab, { name, account, region }: ClusterSpec): Promise<void> {
  const credentials = { accessKeyId: account, secretAccessKey: "any" };
  const eks = new EKSClient({ region, endpoint: lab.aws.uncountedUrl, credentials });
  const scalingConfig = { minSize: 0, desiredSize: 1, maxSize: 2 };
  await eks.send(new UpdateNodegroupConfigCommand({ clusterName: name, nodegroupName: "general", scalingConfig }));
  eks.destroy();
  await lab.cluster(name).waitForNodes(1);
}

import { DescribeUpdateCommand, UpdateClusterConfigCommand } from "@aws-sdk/client-eks";
import type { AutoMode, Capacity, UpdateAnswer } from "../../ports/index.js";
import type { AskAws } from "./ask-aws.js";
import { isBusy, readAwsFault } from "./aws-fault.js";
import type { AwsClients } from "./clients.js";
import { judgeUpdate } from "./judge-update.js";

/** EKS Auto Mode's part of the Capacity port. */
export function createAutoMode(
  clusterName: string,
  { eks }: AwsClients,
  ask: AskAws,
): Pick<Capacity, "switchBuiltInPools" | "switchStatus"> {
  function switchBuiltInPools(autoMode: AutoMode, token: string): Promise<UpdateAnswer> {
    const request = new UpdateClusterConfigCommand({
      name: clusterName,
      ...enabledWith(autoMode),
      clientRequestToken: token,
    });
    return ask("eks:UpdateClusterConfig", async () => {
      try {
        const { update } = await eks.send(request);
        return { kind: "accepted", updateId: update?.id ?? null };
      } catch (error) {
        const fault = readAwsFault(error);
        if (isBusy(fault)) return { kind: "busy", message: fault.message };
        throw error;
      }
    });
  }

  return {
    switchBuiltInPools,
    switchStatus: (updateId) =>
      ask("eks:DescribeUpdate", async () => {
        const { update } = await eks.send(new DescribeUpdateCommand({ name: clusterName, updateId }));
        return judgeUpdate(update ?? {});
      }),
  };
}

/**
 * EKS takes the three capabilities of Auto Mode only together, and a node role exactly while a built-in pool is on:
 * it refuses one without the other.
 */
function enabledWith({ nodePools, nodeRoleArn }: AutoMode) {
  const hasPools = nodePools.length > 0 && nodeRoleArn !== null;
  return {
    computeConfig: { enabled: true, nodePools: [...nodePools], ...(hasPools && { nodeRoleArn }) },
    kubernetesNetworkConfig: { elasticLoadBalancing: { enabled: true } },
    storageConfig: { blockStorage: { enabled: true } },
  };
}

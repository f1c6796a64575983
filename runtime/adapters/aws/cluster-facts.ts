import type { Cluster } from "@aws-sdk/client-eks";
import type { AutoMode, ClusterFacts } from "../../ports/index.js";

/** A cluster as EKS describes it, as facts. A cluster that is still CREATING has an empty endpoint and CA. */
export function readClusterFacts(cluster: Cluster): ClusterFacts {
  return {
    arn: cluster.arn ?? "",
    status: cluster.status ?? "",
    kubernetesVersion: cluster.version ?? "",
    endpoint: cluster.endpoint ?? "",
    certificateAuthority: Buffer.from(cluster.certificateAuthority?.data ?? "", "base64").toString(),
    // Clusters from before access entries carry no mode: their users are in the aws-auth ConfigMap.
    authenticationMode: cluster.accessConfig?.authenticationMode ?? "CONFIG_MAP",
    hasPublicEndpoint: cluster.resourcesVpcConfig?.endpointPublicAccess ?? false,
    autoMode: readAutoMode(cluster),
    tags: cluster.tags ?? {},
  };
}

function readAutoMode({ computeConfig }: Cluster): AutoMode | null {
  if (computeConfig?.enabled !== true) return null;
  return { nodePools: computeConfig.nodePools ?? [], nodeRoleArn: computeConfig.nodeRoleArn ?? null };
}

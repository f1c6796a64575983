import { DescribeClusterCommand, paginateListClusters, type EKSClient } from "@aws-sdk/client-eks";
import pLimit from "p-limit";

import type { AccountRegion, ClusterAccess, ClusterIdentity, Discovery, FoundCluster } from "../../ports/index.js";
import { isFailure } from "../../ports/index.js";
import { createAskAws } from "./ask-aws.js";
import type { AwsClientCache } from "./clients.js";

/** Clusters of one account and Region that are described at once. The pacer before the clients bounds their rate. */
const DESCRIBED_AT_ONCE = 5;

/** Discovery over EKS: one ListClusters a hundred clusters, one DescribeCluster each. */
export function createAwsDiscovery(clients: Pick<AwsClientCache, "clientsFor">): Discovery {
  return {
    async findClusters(ground, access) {
      // Clients are by account and Region; no cluster has an empty name.
      const { eks } = clients.clientsFor({ ...ground, name: "" }, access);
      const names = await listNames(eks, ground, access);
      const limit = pLimit(DESCRIBED_AT_ONCE);
      const found = await Promise.all(
        names.toSorted().map((name) => limit(() => describe(eks, { ...ground, name }, access))),
      );
      return found.filter((cluster) => cluster !== undefined);
    },
  };
}

function listNames(eks: EKSClient, ground: AccountRegion, access: ClusterAccess): Promise<readonly string[]> {
  return createAskAws({ ...ground, name: "" }, access)("eks:ListClusters", async () => {
    const names: string[] = [];
    for await (const { clusters = [] } of paginateListClusters({ client: eks, pageSize: 100 }, {})) {
      names.push(...clusters);
    }
    return names;
  });
}

async function describe(
  eks: EKSClient,
  identity: ClusterIdentity,
  access: ClusterAccess,
): Promise<FoundCluster | undefined> {
  try {
    const { cluster } = await createAskAws(identity, access)("eks:DescribeCluster", () =>
      eks.send(new DescribeClusterCommand({ name: identity.name })),
    );
    return { identity, status: cluster?.status ?? "", tags: cluster?.tags ?? {} };
  } catch (error) {
    if (isFailure(error) && error.code === "cluster-not-found") return undefined;
    throw error;
  }
}

import type { EC2Client, Instance } from "@aws-sdk/client-ec2";
import type { Market, Prospects, VcpuQuota } from "../../ports/index.js";
import type { AskAws } from "./ask-aws.js";
import type { AwsClients } from "./clients.js";
import { isUsualFamily } from "./instance-family.js";

/** Service Quotas' codes for the vCPUs of Standard instances, all of them in one figure for each market. */
const CODES: Readonly<Record<Market, string>> = { "on-demand": "L-1216C47A", spot: "L-34B43A08" };

/** The most that one DescribeInstances gives. */
const INSTANCES_PER_CALL = 1000;

/** Reads what the account may run, and counts what it runs: no API of EC2 gives the sum (safe-cycle H6). */
export function createVcpuQuotas({ ec2, serviceQuotas }: AwsClients, ask: AskAws): Prospects["vcpuQuotas"] {
  async function limitOf(market: Market): Promise<number> {
    const { GetServiceQuotaCommand } = await import("@aws-sdk/client-service-quotas");
    const client = await serviceQuotas();
    const { Quota } = await client.send(new GetServiceQuotaCommand({ ServiceCode: "ec2", QuotaCode: CODES[market] }));
    if (Quota?.Value === undefined) throw new Error(`Service Quotas gives no value for ${CODES[market]}`);
    return Quota.Value;
  }

  return async () => {
    const limits = new Map<Market, number>();
    for (const market of ["on-demand", "spot"] as const)
      limits.set(market, await ask("servicequotas:GetServiceQuota", () => limitOf(market)));
    const taken = await ask("ec2:DescribeInstances", async () => countVcpus(await ec2()));
    return [...limits].map(([market, limit]): VcpuQuota => ({
      market,
      code: CODES[market],
      limit,
      taken: taken.get(market) ?? 0,
    }));
  };
}

async function countVcpus(client: EC2Client): Promise<ReadonlyMap<Market, number>> {
  const { paginateDescribeInstances } = await import("@aws-sdk/client-ec2");
  const taken = new Map<Market, number>();
  const Filters = [{ Name: "instance-state-name", Values: ["pending", "running"] }];
  const pages = paginateDescribeInstances({ client, pageSize: INSTANCES_PER_CALL }, { Filters });
  for await (const { Reservations = [] } of pages) {
    for (const instance of Reservations.flatMap(({ Instances = [] }) => Instances)) {
      const market = instance.InstanceLifecycle === "spot" ? "spot" : "on-demand";
      taken.set(market, (taken.get(market) ?? 0) + vcpusOf(instance));
    }
  }
  return taken;
}

function vcpusOf({ InstanceType, CpuOptions }: Instance): number {
  if (InstanceType === undefined || !isUsualFamily(InstanceType)) return 0;
  return (CpuOptions?.CoreCount ?? 0) * (CpuOptions?.ThreadsPerCore ?? 1);
}

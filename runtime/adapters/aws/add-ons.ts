import { type Addon, DescribeAddonCommand, paginateListAddons } from "@aws-sdk/client-eks";
import pLimit from "p-limit";
import type { AddOn, Prospects } from "../../ports/index.js";
import type { AskAws } from "./ask-aws.js";
import { readAwsFault } from "./aws-fault.js";
import type { AwsClients } from "./clients.js";

const PARALLEL_READS = 5;

/** Reads EKS's add-ons of a cluster with their health (safe-cycle H6, H36). */
export function createAddOns(clusterName: string, { eks }: AwsClients, ask: AskAws): Prospects["addOns"] {
  /** Null when it was removed since it was listed. */
  function describe(addonName: string): Promise<Addon | null> {
    return ask("eks:DescribeAddon", async () => {
      try {
        return (await eks.send(new DescribeAddonCommand({ clusterName, addonName }))).addon ?? null;
      } catch (error) {
        if (readAwsFault(error).name === "ResourceNotFoundException") return null;
        throw error;
      }
    });
  }

  return async () => {
    const names = await ask("eks:ListAddons", async () => {
      const found: string[] = [];
      for await (const { addons = [] } of paginateListAddons({ client: eks }, { clusterName })) found.push(...addons);
      return found.sort();
    });
    const limit = pLimit(PARALLEL_READS);
    const found = await Promise.all(names.map((name) => limit(describe, name)));
    return found.filter((addOn) => addOn !== null).map(readAddOn);
  };
}

function readAddOn({ addonName = "", status, health }: Addon): AddOn {
  const issues = (health?.issues ?? []).map(({ code = "Unknown", message = "" }) => `${code}: ${message}`);
  return { name: addonName, status: status ?? "", issues };
}

import { createMemoryStore } from "./adapters/memory/state-store.js";
import { createSystemRandom } from "./adapters/system/random.js";
import { createPacer } from "./fleet/pace/index.js";
import type { Clock, Discovery } from "./ports/index.js";

/**
 * Discovery over AWS, paced per account and Region within this process, so that looking at many clusters slows nobody else
 * down. Makes no call; the SDKs are loaded at the first look.
 */
export function openAwsDiscovery(
  clock: Clock,
  operationId: string,
): { readonly discovery: Discovery; readonly close: () => Promise<void> } {
  let loading: Promise<Awaited<ReturnType<typeof load>>> | undefined;
  const aws = () => (loading ??= load(clock, operationId));
  return {
    discovery: { findClusters: async (ground, access) => (await aws()).discovery.findClusters(ground, access) },
    close: async () => (await loading)?.close(),
  };
}

async function load(clock: Clock, operationId: string) {
  const [{ createAwsClients }, { createAwsDiscovery }] = await Promise.all([
    import("./adapters/aws/clients.js"),
    import("./adapters/aws/discovery.js"),
  ]);
  const pacer = createPacer({ ledger: createMemoryStore(), clock, random: createSystemRandom() });
  const clients = createAwsClients({ clock, operationId, pacer });
  return { discovery: createAwsDiscovery(clients), close: () => clients.close() };
}

import type { createMemoryStore } from "../../../runtime/adapters/memory/state-store.js";
import { createMemoryWorld, type MemoryWorld } from "../../../runtime/adapters/memory/world.js";
import {
  parseClusterDeclaration,
  parseFleet,
  serialiseCluster,
  type ClusterSpec,
} from "../../../runtime/config/index.js";
import { clusterId, type Clock, type ClusterIdentity } from "../../../runtime/ports/index.js";
import { CLUSTER, DECLARED } from "./quotas.js";

/** How many clusters there are, and how many of them each account has in its one Region. */
export interface FleetSize {
  readonly clusters: number;
  readonly perAccount: number;
}

const REGION = "eu-west-1";
/** Monday. The whole fleet goes to sleep at one instant and is wanted back at another. */
export const DAY = { startAt: instant("18:30"), sleepAt: instant("19:00"), wakeAt: instant("20:30") } as const;
const SCHEDULE = { timezone: "UTC", awake: ["Mon 07:00-19:00", "Mon 20:30-23:30"] };

/** Every cluster's identity, account by account. */
export function identitiesOf({ clusters, perAccount }: FleetSize): readonly ClusterIdentity[] {
  return Array.from({ length: clusters }, (_, index) => ({
    account: String(100_000_000_000 + Math.floor(index / perAccount)),
    region: REGION,
    name: `cluster-${index % perAccount}`,
  }));
}

/** The twins, awake: each with its node groups, nodes and a pod that has to be evicted. */
export function buildWorld(identities: readonly ClusterIdentity[], clock: Clock): MemoryWorld {
  const { updateMs, terminateMs, bootMs, readyMs, graceMs } = DECLARED;
  const world = createMemoryWorld({ clock, timings: { updateMs, terminateMs, bootMs, readyMs } });
  const { groups, nodesPerGroup } = CLUSTER;
  const size = { min: 1, desired: nodesPerGroup, max: 2 * nodesPerGroup };
  for (const identity of identities) {
    const cluster = world.addCluster({
      identity,
      groups: Array.from({ length: groups }, (_, index) => ({ name: `group-${index}`, size })),
    });
    cluster.addDeployment({ name: "app", replicas: CLUSTER.pods, graceSeconds: graceMs / 1000 });
  }
  return world;
}

export type HubStore = ReturnType<typeof createMemoryStore>;

/** Declares all of them, as `pulumi up` does, and keeps what was parsed for the workers. */
export async function registerAll(
  identities: readonly ClusterIdentity[],
  store: HubStore,
  registeredAt: number,
): Promise<(text: string) => ReturnType<typeof parseClusterDeclaration>> {
  const parsed = new Map<string, ReturnType<typeof parseClusterDeclaration>>();
  const template = specOf(identities[0]!);
  for (const identity of identities) {
    const roleArn = `arn:aws:iam::${identity.account}:role/curfew-spoke`;
    const spec: ClusterSpec = { ...template, id: clusterId(identity), identity, access: { roleArn } };
    const declaration = serialiseCluster(spec);
    parsed.set(declaration, { ok: true, value: spec });
    await store.registerCluster({ clusterId: spec.id, declaration, registeredAt });
  }
  return (text) => parsed.get(text) ?? parseClusterDeclaration(text);
}

function specOf(identity: ClusterIdentity): ClusterSpec {
  const raw = { schedules: { day: SCHEDULE }, clusters: [{ ...identity, schedule: "day" }] };
  const fleet = parseFleet(raw, { files: new Map(), environment: {} });
  const [spec] = fleet.ok ? fleet.value.clusters : [];
  if (spec === undefined) throw new Error("the benchmark's own config is wrong");
  return spec;
}

function instant(time: string): number {
  return Date.parse(`2026-01-05T${time}:00Z`);
}

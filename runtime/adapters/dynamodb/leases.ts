import type { Lease, LeaseAnswer, LeaseRequest, StateStore } from "../../ports/state-store.js";
import { numberOf, textOf, textOrNull, type Item } from "./item.js";
import { clusterKey } from "./keys.js";
import type { Table } from "./table.js";
import type { Condition } from "./write.js";

/** How often an acquisition looks again when others of the same operation are quicker; each time somebody got on. */
const MAX_LOOKS = 10;

/** Lease calls of the port. */
export type LeaseCalls = Pick<StateStore, "acquireLease" | "renewLease" | "releaseLease">;

/** True of the cluster's RUN item while the lease is ours. An expired lease that nobody took is still ours. */
export function isOurs({ operationId, fence }: Lease, more = ""): Condition {
  return { text: `#holder = :ourId AND #fence = :ourFence${more}`, values: { ourId: operationId, ourFence: fence } };
}

/** The same of an item that was read. */
export function isHeldBy(item: Item | undefined, { operationId, fence }: Lease): boolean {
  return item?.["holder"] === operationId && item["fence"] === fence;
}

/**
 * All on the cluster's RUN item, which outlives every lease: the fence in it may never go down. No TTL: it deletes when
 * it likes (aws.md §6).
 */
export function leaseCalls(table: Table): LeaseCalls {
  return {
    acquireLease: (request) => acquire(table, request),
    async renewLease(lease, expiresAt) {
      return (await extend(table, lease, expiresAt)) ? "renewed" : "lost";
    },
    async releaseLease(lease) {
      const set = { holder: null, leaseExpiresAt: null };
      await table.update({ key: clusterKey(lease.clusterId, "RUN"), set, condition: isOurs(lease) });
    },
  };
}

/** One write for a lease that is free; two for one that is our own already. */
async function acquire(table: Table, request: LeaseRequest): Promise<LeaseAnswer> {
  const { clusterId, operationId, expiresAt } = request;
  for (let look = 1; look <= MAX_LOOKS; look++) {
    const taken = await take(table, request);
    if (taken.kind === "done") {
      const lease = { clusterId, operationId, fence: numberOf(taken.item, "fence") };
      return { kind: "acquired", lease, expiresAt };
    }
    const held = taken.item ?? {};
    const holder = textOrNull(held, "holder");
    if (holder !== null && holder !== operationId)
      return { kind: "held", holder: textOf(held, "holder"), expiresAt: numberOf(held, "leaseExpiresAt") };
    const lease = { clusterId, operationId, fence: numberOf(held, "fence") };
    if (await extend(table, lease, expiresAt)) return { kind: "acquired", lease, expiresAt };
  }
  throw new Error(`the lease of ${clusterId} changed hands ${MAX_LOOKS} times while it was asked for`);
}

function take(table: Table, { clusterId, operationId, now, expiresAt }: LeaseRequest) {
  const text = "attribute_not_exists(#holder) OR (#leaseExpiresAt <= :now AND #holder <> :holder)";
  return table.update({
    key: clusterKey(clusterId, "RUN"),
    set: { holder: operationId, leaseExpiresAt: expiresAt },
    add: { fence: 1 },
    condition: { text, values: { now } },
  });
}

async function extend(table: Table, lease: Lease, expiresAt: number): Promise<boolean> {
  const set = { leaseExpiresAt: expiresAt };
  const answer = await table.update({ key: clusterKey(lease.clusterId, "RUN"), set, condition: isOurs(lease) });
  return answer.kind === "done";
}

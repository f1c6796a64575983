import {
  groupOf,
  openJournal,
  serialiseJournal,
  serialiseSnapshot,
  takeSnapshot,
  type Snapshot,
} from "../cycle/index.js";
import type { PodFacts, Ports } from "../ports/index.js";
import type { ObservedCluster } from "./observe.js";
import { leaseLost, type Session } from "./session.js";

/** The snapshot of what was observed; reads the pods of the groups' nodes, changes nothing. */
export async function makeSnapshot({ observation, kubernetes }: ObservedCluster, now: number): Promise<Snapshot> {
  const { cluster, groups, instances } = observation;
  const nodes = observation.nodes.filter((node) => groupOf(node, groups, instances) !== undefined);
  const pods: readonly PodFacts[] = nodes.length > 0 ? await kubernetes.listPods(nodes.map((node) => node.name)) : [];
  return takeSnapshot({ clusterArn: cluster.arn, groups, instances, nodes, pods }, now);
}

/**
 * Stores the snapshot before the first mutation and opens its cycle; when another run opened one first, that one stays
 * and is adopted (safe-cycle H2, H4).
 */
export async function saveSnapshot(
  snapshot: Snapshot,
  session: Session,
  ports: Pick<Ports, "clock" | "random" | "store">,
): Promise<void> {
  const { clock, random, store } = ports;
  const now = clock.now();
  const answer = await store.openCycle(session.lease, {
    clusterId: session.lease.clusterId,
    cycleId: random.id(),
    openedAt: now,
    snapshot: serialiseSnapshot(snapshot),
    progress: serialiseJournal(openJournal(now)),
  });
  if (answer.kind === "fenced") throw leaseLost();
  session.adopt(answer.cycle);
}

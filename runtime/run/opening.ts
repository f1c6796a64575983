import {
  groupOf,
  MEASURES,
  noteAmendments,
  noteHoldings,
  openJournal,
  planMeasures,
  serialiseJournal,
  serialiseSnapshot,
  takeSnapshot,
  typesRead,
  type Amendment,
  type Journal,
  type Settings,
  type Snapshot,
} from "../cycle/index.js";
import { Failure, type PodFacts, type Ports } from "../ports/index.js";
import type { RunNotes } from "./context.js";
import type { ObservedCluster } from "./observe.js";
import { leaseLost, type Session } from "./session.js";
import { takeSurvey } from "./survey.js";

/** Everything that is stored before the first mutation: what was, and what will be changed (safe-cycle H2, H3). */
export interface Opening {
  readonly snapshot: Snapshot;
  readonly journal: Journal;
}

/** What a cycle on this cluster would open with; reads, changes nothing. Throws the `Failure` of a measure that refuses. */
export async function makeOpening(
  settings: Settings,
  cluster: ObservedCluster,
  now: number,
  notes: RunNotes,
): Promise<Opening> {
  const snapshot = await makeSnapshot(cluster, now);
  const amendments = await findAmendments(settings, cluster, notes);
  const journal = noteHoldings(noteAmendments(openJournal(now), amendments), cluster.observation, settings);
  return { snapshot, journal };
}

/** What must be held still while the cluster sleeps, as far as settings and Curfew's rights go. Reads only. */
export async function findAmendments(
  settings: Settings,
  { kubernetes }: ObservedCluster,
  notes: RunNotes,
): Promise<readonly Amendment[]> {
  const survey = await takeSurvey(typesRead(MEASURES, settings), kubernetes);
  const plan = planMeasures(MEASURES, survey, settings);
  notes.warnings.push(...plan.notes);
  if (plan.refusal) throw new Failure(plan.refusal);
  return plan.amendments;
}

/**
 * Stores the opening before the first mutation; when another run opened a cycle first, that one stays and is adopted
 * (safe-cycle H2, H4).
 */
export async function openCycle(
  { snapshot, journal }: Opening,
  session: Session,
  ports: Pick<Ports, "clock" | "random" | "store">,
): Promise<void> {
  const { clock, random, store } = ports;
  const answer = await store.openCycle(session.lease, {
    clusterId: session.lease.clusterId,
    cycleId: random.id(),
    openedAt: clock.now(),
    snapshot: serialiseSnapshot(snapshot),
    progress: serialiseJournal(journal),
  });
  if (answer.kind === "fenced") throw leaseLost();
  session.adopt(answer.cycle);
}

/** Reads the pods of the groups' nodes beside what was observed. */
async function makeSnapshot({ observation, kubernetes }: ObservedCluster, now: number): Promise<Snapshot> {
  const { cluster, groups, instances } = observation;
  const launched = new Set(observation.karpenterNodes);
  const nodes = observation.nodes.filter(
    (node) => launched.has(node) || groupOf(node, groups, instances) !== undefined,
  );
  const pods: readonly PodFacts[] = nodes.length > 0 ? await kubernetes.listPods(nodes.map((node) => node.name)) : [];
  return takeSnapshot({ clusterArn: cluster.arn, groups, instances, nodes, pods }, now);
}

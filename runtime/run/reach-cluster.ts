import { decide, openJournal, planFor, type Decision, type Wish } from "../cycle/index.js";
import type { CycleRecord } from "../ports/index.js";
import { act } from "./act.js";
import { excludedByTags } from "./exclusion.js";
import { nameChangers } from "./name-changers.js";
import { observeCluster, type ObservedCluster } from "./observe.js";
import { makeOpening } from "./opening.js";
import { preflight } from "./preflight.js";
import type { RunReport } from "./report.js";
import type { RunRequest } from "./request.js";
import type { RunScope } from "./scope.js";
import { leaseLost } from "./session.js";
import { findWakeFacts } from "./wake-facts.js";

/** Observes, decides and acts. Throws `Failure`s of the adapters and the store. */
export async function reachCluster(scope: RunScope): Promise<RunReport> {
  const { request, ports, report } = scope;
  const record = await readRecord(scope);
  const cluster = await observeCluster(request.cluster, ports.connector, record);
  try {
    report.observed(cluster.observation);
    report.cycle(record?.cycleId ?? null);
    const exclusion = excludedByTags(request.cluster.exclusionsByTag, cluster.observation.cluster.tags);
    if (exclusion) return report.fail(exclusion);
    const wish = wishOf(request);
    const decision = decide(wish, cluster.observation);
    report.decided(decision);
    report.notes.drift.push(...(await nameChangers(cluster)));
    if (decision.action === "stop") return report.fail(decision.failure);
    if (decision.action === "nothing") return report.finish("nothing-to-do", { reached: decision.state });
    if (scope.session === null) return await rehearse(decision, wish, cluster, scope);
    if (record) scope.session.adopt(record);
    return await act(decision, wish, cluster, { ...scope, session: scope.session });
  } finally {
    await cluster.kubernetes.close();
  }
}

function wishOf({ desired, origin, minNodes = 0, forget = false }: RunRequest): Wish {
  return { desired, origin, minNodes, forget };
}

/** Reads the open cycle; sets it aside, unread, when a person asked for that. */
async function readRecord({ request, ports, report, session }: RunScope): Promise<CycleRecord | undefined> {
  const record = await ports.store.readCycle(request.cluster.id);
  if (record === undefined || !request.forget || request.desired !== "running" || session === null) return record;
  const answer = await ports.store.retireCycle(session.lease, record.cycleId, ports.clock.now());
  if (answer === "fenced") throw leaseLost();
  report.notes.warnings.push(
    `The record of cycle ${record.cycleId} was set aside, as asked; it stays among the retired ones.`,
  );
  return undefined;
}

/** A dry run: everything up to the plan. */
async function rehearse(
  decision: Decision,
  wish: Wish,
  cluster: ObservedCluster,
  { request, ports, report }: RunScope,
): Promise<RunReport> {
  const { observation } = cluster;
  if (decision.action !== "hibernate" || decision.isResume) {
    const snapshot = observation.cycle?.snapshot ?? null;
    const journal = observation.cycle?.journal ?? openJournal(ports.clock.now());
    const { settings } = request.cluster;
    const coming = { settings, snapshot, journal, notes: report.notes };
    const wake = decision.action === "wake" ? await findWakeFacts(coming, cluster.kubernetes) : null;
    report.planned(planFor(decision, { wish, observation, snapshot, journal, settings, wake }));
    return report.finish("planned");
  }
  const failure = await preflight(request.cluster, cluster, ports, report.notes);
  if (failure) return report.finish("blocked", { failure });
  const opening = await makeOpening(request.cluster.settings, cluster, ports.clock.now(), report.notes);
  report.planned(planFor(decision, { wish, observation, ...opening, settings: request.cluster.settings }));
  return report.finish("planned");
}

import type { WorkItem } from "../../ports/index.js";
import type { RunReport } from "../../run/index.js";
import { DEFAULT_RHYTHM, type Rhythm } from "../planner/rhythm.js";
import { accountOutcome } from "./account-outcome.js";
import { afterRun, type AfterRun } from "./after-run.js";
import { circuitAnnouncements, runAnnouncements, wakePutOff, type AnnouncementOptions } from "./announcements.js";
import { heldAs, settledAs, unchangedAs, type Look } from "./look.js";
import type { WorkerPorts } from "./ports.js";
import { readTarget, untouchedAs, type Target } from "./read-target.js";
import { watchLease } from "./watch-lease.js";
import { wishAt } from "./wish.js";

/** Left of an invocation when a run must yield (aws.md §5: never work past the last 20 s). */
const RESERVE_MS = 20_000;

/** What a worker may use up, and how it behaves. */
export interface WorkerOptions {
  /** What is left of this invocation. */
  readonly remainingMs: number;
  /** The planner's. */
  readonly rhythm?: Rhythm;
  readonly announce?: AnnouncementOptions;
  /** Aborts when the platform stops the process. */
  readonly signal?: AbortSignal;
}

/** What became of a work item. */
export type WorkEnd =
  /** The cluster is not registered any more: nothing to do. */
  | { readonly kind: "gone" }
  | { readonly kind: "untouched"; readonly code: string; readonly why: string }
  /** A run that began after the item was sent has done what it asks for. */
  | { readonly kind: "already" }
  /** The account's circuit is open. */
  | { readonly kind: "put-off"; readonly until: number }
  | { readonly kind: AfterRun["kind"]; readonly report: RunReport }
  /** The declaration or the hold changed meanwhile: the cluster is due at once. */
  | { readonly kind: "superseded"; readonly report: RunReport };

type Scheduled = Extract<Target, { kind: "scheduled" }>;

/** An item in hand. */
interface Work {
  readonly item: WorkItem;
  readonly target: Scheduled;
  readonly ports: WorkerPorts;
  readonly options: Required<Pick<WorkerOptions, "rhythm" | "announce">> & WorkerOptions;
  /** By this worker's clock. */
  readonly yieldAt: number;
}

/**
 * Brings the cluster of a work item to what is wanted of it at this moment. Idempotent in every way: an item that comes twice, late
 * or after a newer one finds the work done, the lease held or nothing to do; a worker that dies anywhere is replaced as soon as its
 * lease has run out. Rejects only when the store or the queue fails; then the item may simply be handed out again.
 */
export function handleWork(item: WorkItem, ports: WorkerPorts, options: WorkerOptions): Promise<WorkEnd> {
  // A hop of an operation is a trace of its own, linked to the hop before: a drain of an hour is no one span's child.
  const context =
    item.hop === 0 ? { parent: item.traceparent } : { links: item.traceparent === null ? [] : [item.traceparent] };
  const attributes = {
    "curfew.cluster": item.clusterId,
    "curfew.operation": item.operationId,
    "curfew.hop": item.hop,
  };
  return ports.telemetry.span("curfew.work", { ...context, attributes }, async (span) => {
    const end = await work({ ...item, traceparent: span.traceparent }, ports, options);
    span.set({ "curfew.end": end.kind });
    ports.telemetry.count("curfew.worker.items", 1, { "curfew.cluster": item.clusterId, "curfew.end": end.kind });
    return end;
  });
}

async function work(item: WorkItem, ports: WorkerPorts, options: WorkerOptions): Promise<WorkEnd> {
  const rhythm = options.rhythm ?? DEFAULT_RHYTHM;
  const yieldAt = ports.clock.now() + options.remainingMs - RESERVE_MS;
  const target = await readTarget(item.clusterId, ports);
  if (target.kind === "gone") return target;
  if (target.kind === "untouchable") {
    const { entry, code, why } = target;
    await ports.fleet.settle(entry.clusterId, entry.generation, untouchedAs(entry, code, ports.clock.now(), rhythm));
    return { kind: "untouched", code, why };
  }
  const announce = options.announce ?? { success: false };
  return workOn({ item, target, ports, options: { ...options, rhythm, announce }, yieldAt });
}

async function workOn(work: Work): Promise<WorkEnd> {
  const { item, target, ports } = work;
  const { entry, cluster, reached } = target;
  const look = lookAt(work);
  const isDone = reached !== null && reached.state === look.wish.state && reached.desired === look.wish.state;
  if (isDone && reached.failureCode === null && reached.finishedAt > item.claimedAt) {
    await ports.fleet.settle(entry.clusterId, entry.generation, settledAs(look));
    return { kind: "already" };
  }
  const admission = await ports.breaker.check(cluster.identity.account);
  if (admission.kind === "open") return putOff(look, admission.until, work);
  return conclude(await run(look, work), work);
}

/**
 * What is wanted now; never before the planner took the cluster: to a worker whose clock is behind, what is due would still
 * be to come, and due again at every tick.
 */
function lookAt({ item, target: { entry, cluster, hold }, ports, options: { rhythm } }: Work): Look {
  const now = Math.max(ports.clock.now(), item.claimedAt);
  return { entry, wish: wishAt(cluster.schedule, hold, now, entry.leadMs), now, rhythm };
}

async function putOff(look: Look, until: number, { target, ports }: Work): Promise<WorkEnd> {
  const { entry, cluster } = target;
  await ports.fleet.settle(entry.clusterId, entry.generation, unchangedAs(look, until));
  if (look.wish.state === "running" && (await ports.breaker.putOff(cluster.identity.account))) {
    await ports.announcer.announce([wakePutOff(entry.clusterId, cluster.identity.account, until, look.now)]);
  }
  return { kind: "put-off", until };
}

/** A run's report; `heldUntil` when another operation had the lease. */
interface Ran {
  readonly report: RunReport;
  readonly heldUntil: number | null;
}

/** Runs with a sign of life at every renewal of the lease. */
async function run(look: Look, { item, target: { entry, cluster }, ports, options, yieldAt }: Work): Promise<Ran> {
  let heldUntil: number | null = null;
  const store = watchLease(ports.store, {
    onOurs: (expiresAt) =>
      ports.fleet.settle(entry.clusterId, entry.generation, heldAs({ ...look, now: ports.clock.now() }, expiresAt)),
    onHeld: (expiresAt) => (heldUntil = expiresAt),
  });
  const { operationId } = item;
  const report = await ports.execute(
    { cluster, desired: look.wish.state, origin: "schedule", reason: look.wish.rule, operationId },
    { ...ports, store },
    {
      yieldAt,
      signal: options.signal ?? new AbortController().signal,
    },
  );
  return { report, heldUntil };
}

/** Writes what the run left, sends the next hop, tells who wants to know. */
async function conclude({ report, heldUntil }: Ran, work: Work): Promise<WorkEnd> {
  const { item, target, ports, options } = work;
  const { clusterId, generation } = target.entry;
  const now = ports.clock.now();
  const after = afterRun({ ...lookAt(work), report, heldUntil, jitter: ports.random.next() });
  await noteOutcome(report, target, ports);
  if (after.kind === "leave") {
    await ports.fleet.makeDue(clusterId, after.at);
    return { kind: "leave", report };
  }
  if ((await ports.fleet.settle(clusterId, generation, after.settlement)) === "superseded") {
    return { kind: "superseded", report };
  }
  if (after.kind === "again") {
    const unsent = await ports.queue.send([{ item: { ...item, hop: item.hop + 1 }, delaySeconds: after.delaySeconds }]);
    if (unsent.length > 0) await ports.fleet.makeDue(clusterId, now + after.delaySeconds * 1000);
  }
  await ports.announcer.announce(runAnnouncements(report, after, now, options.announce));
  return { kind: after.kind, report };
}

async function noteOutcome(report: RunReport, { cluster }: Scheduled, ports: WorkerPorts): Promise<void> {
  const outcome = accountOutcome(report);
  if (outcome === null) return;
  const { account } = cluster.identity;
  const change = await ports.breaker.note(account, outcome);
  if (!change.opened && !change.closed) return;
  await ports.announcer.announce(circuitAnnouncements(account, change, report, ports.clock.now()));
}

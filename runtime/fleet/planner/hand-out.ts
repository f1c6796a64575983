import pLimit from "p-limit";

import type { Announcer, FleetStore, Random, Span, Telemetry, WorkParcel, WorkQueue } from "../../ports/index.js";
import { missedAnnouncement } from "./missed-announcement.js";
import type { Take } from "./take.js";

/** What handing out needs from outside. */
export interface HandOutPorts {
  readonly fleet: Pick<FleetStore, "claim">;
  readonly queue: WorkQueue;
  readonly random: Pick<Random, "id">;
  readonly telemetry: Telemetry;
  readonly announcer: Announcer;
}

/** What became of a wave's clusters. */
export interface HandedOut {
  readonly claimed: readonly Take[];
  /** Another tick or a worker wrote the item first. */
  readonly lost: number;
  readonly sent: number;
  /** Claimed, and not accepted by the queue: due again as after a lost message. */
  readonly unsent: number;
  /** Not claimed, because the queue had failed wholly: still due. */
  readonly left: number;
}

/** As many as one call of SQS takes: what a planner that dies in between leaves claimed and unsent. */
const BATCH = 10;
const BATCHES_AT_ONCE = 4;

/**
 * Claims, tells of the targets that are missed, then sends what was claimed, in small batches. A cluster that is lost to
 * another tick is not sent. Rejects when a claim failed, after all others were told of and sent.
 */
export async function handOut(
  takes: readonly Take[],
  now: number,
  tick: Span,
  ports: HandOutPorts,
): Promise<HandedOut> {
  let isQueueDown = false;

  async function handOutBatch(batch: readonly Take[]): Promise<HandedOut> {
    if (isQueueDown) return { claimed: [], lost: 0, sent: 0, unsent: 0, left: batch.length };
    const claims = await Promise.allSettled(batch.map((take) => claimOne(take, now, tick, ports)));
    const won = claims.flatMap((claim) => (claim.status === "fulfilled" && claim.value !== null ? [claim.value] : []));
    const missed = won.flatMap(({ take }) => announcementOf(take, now));
    // Only the claim that crosses the bound says it: no later tick would.
    if (missed.length > 0) await ports.announcer.announce(missed);
    const parcels = won.flatMap(({ parcel }) => parcel ?? []);
    const unsent = await sendAll(parcels, ports.queue);
    allOf(claims);
    isQueueDown ||= unsent === "queue down";
    const unsentCount = unsent === "queue down" ? parcels.length : unsent.length;
    return {
      claimed: won.map(({ take }) => take),
      lost: batch.length - won.length,
      sent: parcels.length - unsentCount,
      unsent: unsentCount,
      left: 0,
    };
  }

  const batches = Array.from({ length: Math.ceil(takes.length / BATCH) }, (_, index) =>
    takes.slice(index * BATCH, (index + 1) * BATCH),
  );
  const limit = pLimit(BATCHES_AT_ONCE);
  return addUp(allOf(await Promise.allSettled(batches.map((batch) => limit(handOutBatch, batch)))));
}

/** Each message begins a span of its own, so that a run can be followed from the tick that asked for it. Null: lost. */
function claimOne(take: Take, now: number, tick: Span, { fleet, random, telemetry }: HandOutPorts) {
  const { clusterId } = take.entry;
  const attributes = { "curfew.cluster": clusterId };
  return telemetry.span("curfew.claim", { parent: tick.traceparent, attributes }, async (span) => {
    const answer = await fleet.claim(take.entry, take.claim);
    span.set({ "curfew.claim": answer });
    if (answer === "lost") return null;
    const item = { clusterId, operationId: random.id(), claimedAt: now, hop: 0, traceparent: span.traceparent };
    const parcel: WorkParcel | null = take.delaySeconds === null ? null : { item, delaySeconds: take.delaySeconds };
    return { take, parcel };
  });
}

/** What came of all; throws for the first that failed. */
function allOf<T>(ends: readonly PromiseSettledResult<T>[]): readonly T[] {
  return ends.map((end) => {
    if (end.status === "rejected") throw end.reason;
    return end.value;
  });
}

function announcementOf({ entry, claim, hasMissed }: Take, now: number) {
  return hasMissed ? [missedAnnouncement(entry, claim.unconvergedSince ?? now, now)] : [];
}

async function sendAll(
  parcels: readonly WorkParcel[],
  queue: WorkQueue,
): Promise<readonly WorkParcel[] | "queue down"> {
  if (parcels.length === 0) return [];
  return queue.send(parcels).catch(() => "queue down" as const);
}

function addUp(parts: readonly HandedOut[]): HandedOut {
  const sum = (count: (part: HandedOut) => number): number => parts.reduce((total, part) => total + count(part), 0);
  return {
    claimed: parts.flatMap(({ claimed }) => claimed),
    lost: sum(({ lost }) => lost),
    sent: sum(({ sent }) => sent),
    unsent: sum(({ unsent }) => unsent),
    left: sum(({ left }) => left),
  };
}

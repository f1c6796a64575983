import * as z from "zod";

import type { GroupSize, ScalableOwner } from "../ports/index.js";
import { Failure } from "../ports/index.js";
import { amendmentSchema, type Amendment, type Purpose } from "./amendment.js";

const sizeSchema = z.strictObject({ min: z.number(), desired: z.number(), max: z.number() });

const resizeSchema = z.strictObject({
  /** Counts the resizes of this group in this cycle: part of the request token, so that a second night's call is a new one. */
  sequence: z.number().int(),
  target: sizeSchema,
  /** What was asked for before in this cycle: what the group shows until it has heard of `target`. */
  previous: sizeSchema.nullable().default(null),
  /** EKS's id of the accepted update; null before acceptance and for a self-managed group. */
  updateId: z.string().nullable(),
  state: z.enum(["planned", "accepted"]),
  /** Start of the attempt that planned it: repeated within the attempt it is the same request, in a later one a new request. */
  attemptAt: z.number(),
});

const scaledOwnerSchema = z.strictObject({
  kind: z.enum(["Deployment", "StatefulSet", "ReplicaSet"]),
  namespace: z.string(),
  name: z.string(),
  uid: z.string(),
  /** Replicas before Curfew scaled it to 0. */
  replicas: z.number().int(),
});

const leftTaintSchema = z.strictObject({
  node: z.string(),
  uid: z.string(),
  keys: z.array(z.string()),
  /** The autoscaler cordoned it as well. */
  isCordonedByIt: z.boolean(),
});

const stepSchema = z.strictObject({
  state: z.enum(["started", "done"]),
  at: z.number(),
  observed: z.string().optional(),
});

const attemptSchema = z.strictObject({
  startedAt: z.number(),
  drainStartedAt: z.number().nullable(),
  /** Of the drain before Karpenter's nodes go: how many of `cordonedByUs` it closed, and when they were gone; null without it. */
  claims: z.strictObject({ cordoned: z.number().int(), goneAt: z.number().nullable() }).nullable().default(null),
});

const journalSchema = z.strictObject({
  version: z.literal(1),
  /**
   * `hibernating` and `waking` are under way, `hibernated` is done; `undone` is a hibernate that was taken
   * back before any group was scaled: its record only documents.
   */
  phase: z.enum(["hibernating", "hibernated", "waking", "undone"]),
  /** The attempt under way; null when the last one ended by itself. A crash leaves it open, so the next run inherits its clock. */
  attempt: attemptSchema.nullable(),
  /** Nodes that Curfew cordoned (safe-cycle 18, W17). */
  cordonedByUs: z.array(z.string()),
  /** Those among them that load balancers left out before: an undo keeps that label (safe-cycle 19). */
  excludedBefore: z.array(z.string()),
  scaledOwners: z.array(scaledOwnerSchema),
  /** Fields of objects that are changed for the night: all that was planned is here before the first of them is touched. */
  amendments: z.array(amendmentSchema).default([]),
  /** What an autoscaler left on nodes when it was stopped, to be taken off again (safe-cycle H9, W17). */
  leftTaints: z.array(leftTaintSchema).default([]),
  /** Webhooks whose return has begun in this wake and is not proven yet, with the instant it began (safe-cycle W15). */
  returningWebhooks: z.record(z.string(), z.number()).default({}),
  /** By group id: scaling processes that Curfew suspends for the cycle, and only those (safe-cycle H31). */
  suspendedProcesses: z.record(z.string(), z.array(z.string())).default({}),
  /** EKS Auto Mode's built-in pools as they were before they were switched off (safe-cycle H37); null: nothing is Curfew's. */
  autoMode: z
    .strictObject({ nodePools: z.array(z.string()), nodeRoleArn: z.string().nullable() })
    .nullable()
    .default(null),
  resizes: z.record(z.string(), resizeSchema),
  steps: z.record(z.string(), stepSchema),
});

/** What a cycle has done so far; written before and after every step (safe-cycle H34). */
export type Journal = z.output<typeof journalSchema>;
type Attempt = z.output<typeof attemptSchema>;
/** A resize that was asked for. */
export type ResizeRecord = z.output<typeof resizeSchema>;

/** The journal of a cycle that has just been opened: saved, not started. */
export function openJournal(startedAt: number): Journal {
  return {
    version: 1,
    phase: "hibernating",
    attempt: newAttempt(startedAt),
    cordonedByUs: [],
    excludedBefore: [],
    scaledOwners: [],
    amendments: [],
    leftTaints: [],
    returningWebhooks: {},
    suspendedProcesses: {},
    autoMode: null,
    resizes: {},
    steps: {},
  };
}

/** JSON text for the store. */
export function serialiseJournal(journal: Journal): string {
  return JSON.stringify(journal);
}

/** Reads a stored journal. Throws `Failure` snapshot-unreadable: a cycle whose journal is lost is as unknown as one without sizes. */
export function parseJournal(text: string): Journal {
  try {
    return journalSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Failure(
      {
        code: "snapshot-unreadable",
        message: "The journal of the open cycle cannot be read, so what was done is unknown.",
        remedy:
          "Nothing was changed. Use the Curfew version that wrote it, or `curfew wake NAME --min-nodes N --forget`.",
      },
      { cause },
    );
  }
}

/**
 * Turns towards `phase` and opens an attempt unless one in the same direction is open already: a run that
 * continues a crashed one gets no fresh deadline (safe-cycle 57).
 */
export function beginAttempt(journal: Journal, phase: "hibernating" | "waking", now: number): Journal {
  if (journal.phase === phase && journal.attempt !== null) return journal;
  const returningWebhooks = phase === "waking" ? journal.returningWebhooks : {};
  return { ...journal, phase, attempt: newAttempt(now), steps: {}, returningWebhooks };
}

/** Notes that the attempt ended by itself, whatever its result: the next one starts with a fresh clock. */
export function endAttempt(journal: Journal, phase: Journal["phase"] = journal.phase): Journal {
  return { ...journal, phase, attempt: null };
}

const newAttempt = (startedAt: number): Attempt => ({ startedAt, drainStartedAt: null, claims: null });

/** Starts the drain's clock, once per attempt. */
export function beginDrain(journal: Journal, now: number): Journal {
  const attempt = journal.attempt ?? newAttempt(now);
  return { ...journal, attempt: { ...attempt, drainStartedAt: attempt.drainStartedAt ?? now } };
}

/** Notes that Karpenter's nodes are empty, once per attempt; nothing before any drain. */
export function noteClaimsDrained(journal: Journal): Journal {
  const { attempt, cordonedByUs } = journal;
  if (attempt?.claims !== null) return journal;
  return { ...journal, attempt: { ...attempt, claims: { cordoned: cordonedByUs.length, goneAt: null } } };
}

/** Nodes that a finished drain of this attempt closed: no scheduler takes them for open any more (safe-cycle 21). */
export function settledCordons({ attempt, cordonedByUs }: Journal): ReadonlySet<string> {
  return new Set(cordonedByUs.slice(0, attempt?.claims?.cordoned ?? 0));
}

/** Notes that Karpenter's nodes are gone, once per attempt; nothing in an attempt that found none. */
export function noteClaimsGone(journal: Journal, now: number): Journal {
  const { attempt } = journal;
  if (attempt?.claims?.goneAt !== null) return journal;
  return { ...journal, attempt: { ...attempt, claims: { ...attempt.claims, goneAt: now } } };
}

/**
 * When the clock of a drain with that time-out started; null before any. What had to wait until Karpenter's nodes were gone
 * gets up to two minutes from then on, even where others used the whole time-out up: it could not begin before. All of it
 * follows from what is noted, so a restart gets no more (safe-cycle 57).
 */
export function drainClock({ attempt }: Journal, timeoutMs: number): number | null {
  if (attempt?.drainStartedAt == null) return null;
  const goneAt = attempt.claims?.goneAt ?? null;
  if (goneAt === null) return attempt.drainStartedAt;
  return Math.max(attempt.drainStartedAt, goneAt + Math.min(timeoutMs, LAST_DRAIN_MS) - timeoutMs);
}

const LAST_DRAIN_MS = 120_000;

/** Taints and a cordon that a stopped autoscaler left on one node. */
export type LeftTaint = z.output<typeof leftTaintSchema>;

/** Remembers what an autoscaler left on nodes; the first record of a node stays. */
export function noteLeftTaints(journal: Journal, found: readonly LeftTaint[]): Journal {
  const fresh = found.filter(({ uid }) => !journal.leftTaints.some((known) => known.uid === uid));
  return fresh.length === 0 ? journal : { ...journal, leftTaints: [...journal.leftTaints, ...fresh] };
}

/** A step's entry in the journal. */
export type StepRecord = z.output<typeof stepSchema>;

/** Notes a step's state. */
export function noteStep(journal: Journal, id: string, record: StepRecord): Journal {
  return { ...journal, steps: { ...journal.steps, [id]: record } };
}

/** Adds nodes to those that Curfew cordoned. */
export function noteCordoned(journal: Journal, names: readonly string[], alreadyExcluded: readonly string[]): Journal {
  return {
    ...journal,
    cordonedByUs: union(journal.cordonedByUs, names),
    excludedBefore: union(journal.excludedBefore, alreadyExcluded),
  };
}

function union(known: readonly string[], more: readonly string[]): string[] {
  return [...new Set([...known, ...more])];
}

/** Remembers a workload's replicas before it is scaled to 0; the first record stays (safe-cycle H4). */
export function noteScaledOwner(journal: Journal, owner: ScalableOwner): Journal {
  const isKnown = journal.scaledOwners.some((known) => known.uid === owner.uid);
  if (isKnown || owner.replicas === 0) return journal;
  const { kind, namespace, name, uid, replicas } = owner;
  return { ...journal, scaledOwners: [...journal.scaledOwners, { kind, namespace, name, uid, replicas }] };
}

/**
 * Adds planned amendments. One that is saved already stays as it is, so that a later look at an object that Curfew has
 * changed does not become its original (safe-cycle H4); one that was given back or left is planned anew.
 */
export function noteAmendments(journal: Journal, planned: readonly Amendment[]): Journal {
  const fresh = planned.filter(
    ({ id }) => !journal.amendments.some((known) => known.id === id && known.state === "saved"),
  );
  if (fresh.length === 0) return journal;
  const replaced = new Set(fresh.map(({ id }) => id));
  return { ...journal, amendments: [...journal.amendments.filter(({ id }) => !replaced.has(id)), ...fresh] };
}

/** Replaces amendments by what became of them. */
export function settleAmendments(journal: Journal, settled: readonly Amendment[]): Journal {
  if (settled.length === 0) return journal;
  const byId = new Map(settled.map((one) => [one.id, one]));
  return { ...journal, amendments: journal.amendments.map((one) => byId.get(one.id) ?? one) };
}

/** The amendments of a measure that are still Curfew's to give back. */
export function savedAmendments(journal: Journal, purpose: Purpose): readonly Amendment[] {
  return journal.amendments.filter((one) => one.purpose === purpose && one.state === "saved");
}

/** Notes that webhooks are on their way back; the first instant of each stays. */
export function noteReturning(journal: Journal, webhooks: readonly string[], now: number): Journal {
  const fresh = webhooks.filter((webhook) => !Object.hasOwn(journal.returningWebhooks, webhook));
  if (fresh.length === 0) return journal;
  const started = Object.fromEntries(fresh.map((webhook) => [webhook, now]));
  return { ...journal, returningWebhooks: { ...journal.returningWebhooks, ...started } };
}

/** Notes that a webhook is back and answers. */
export function noteReturned(journal: Journal, webhook: string): Journal {
  const { [webhook]: _, ...returningWebhooks } = journal.returningWebhooks;
  return { ...journal, returningWebhooks };
}

/**
 * Plans a resize, or returns the one that this attempt planned for the same target: the same token then
 * returns the same update (safe-cycle H28).
 */
export function planResize(journal: Journal, groupId: string, target: GroupSize): Journal {
  const known = journal.resizes[groupId];
  const attemptAt = journal.attempt?.startedAt ?? 0;
  if (known && sameSize(known.target, target) && known.attemptAt === attemptAt) return journal;
  const sequence = (known?.sequence ?? 0) + 1;
  const previous = known?.target ?? null;
  const resize: ResizeRecord = {
    sequence,
    target: { ...target },
    previous,
    updateId: null,
    state: "planned",
    attemptAt,
  };
  return { ...journal, resizes: { ...journal.resizes, [groupId]: resize } };
}

/** Notes that the cloud accepted a planned resize. */
export function noteResizeAccepted(journal: Journal, groupId: string, updateId: string | null): Journal {
  const known = journal.resizes[groupId];
  if (!known) return journal;
  return { ...journal, resizes: { ...journal.resizes, [groupId]: { ...known, updateId, state: "accepted" } } };
}

/** Whether Curfew has asked for size 0 of any group in this cycle: from then on a hibernate rolls forward (safe-cycle H35). */
export function hasScaledDown(journal: Journal): boolean {
  return Object.values(journal.resizes).some((resize) => resize.target.desired === 0);
}

/** Equal in all three figures. */
export function sameSize(a: GroupSize, b: GroupSize): boolean {
  return a.min === b.min && a.desired === b.desired && a.max === b.max;
}

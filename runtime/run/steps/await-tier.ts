import {
  FOUNDATION_TIERS,
  TIER_NAMES,
  tierBudgetMs,
  type Deadlock,
  type Step,
  type TierMember,
} from "../../cycle/index.js";
import type { FailureInfo } from "../../ports/index.js";
import type { StepContext, StepOutcome } from "../context.js";
import { closeWaitOptions, waitUntil } from "../poll.js";
import { markWake } from "../wake-marks.js";
import { detectDeadlocks } from "./deadlock.js";
import { kickControllers } from "./kick.js";

/** A member that is not ready, with why. */
interface Waiting {
  readonly member: TierMember;
  readonly why: string;
  /** What holds it up, when that is known. */
  readonly deadlock: Deadlock | null;
}

/**
 * Waits until the members of a tier are ready (safe-cycle W13). Without a critical member of tiers 1 to 3 nothing else can
 * start, so the wake stops there and names the cause; a critical one of a later tier, and one held up by a cause that
 * somebody must remove, leave the wake partial; all others are a warning. Repeating it is safe.
 */
export async function awaitTierStep(
  { members, mayDefer, id }: Extract<Step, { kind: "await-tier" }>,
  context: StepContext,
): Promise<StepOutcome> {
  const { deferred } = context.notes;
  const awaited = id === DEFERRED ? members.filter((member) => deferred.delete(member.id)) : members;
  if (awaited.length === 0) return { kind: "done", detail: "nothing was left for later" };
  const watch = watchMembers(awaited, context);
  const end = await waitUntil(
    async () => (await watch.look()) || watch.isHopeless(mayDefer),
    closeWaitOptions(context, longestBudgetMs(awaited, context) / 1000),
  );
  if (end === "yielded" || end === "cancelled") return { kind: end };
  if (end === "timed-out") await watch.explain();
  return conclude(watch.waiting(), { awaited, mayDefer }, context);
}

/** Members of several tiers only wait together for what found no room; the most patient tier counts. */
function longestBudgetMs(members: readonly TierMember[], { settings }: StepContext): number {
  return Math.max(...members.map(({ tier }) => tierBudgetMs([tier], settings.tiers)));
}

/** The step that looks again at what found no room. */
const DEFERRED: Step["id"] = "await-tier deferred";

/** A look may serve the next tier for so long. */
const FRESH_MS = 5_000;

function watchMembers(members: readonly TierMember[], context: StepContext) {
  const { clock, workloads, settings } = context;
  const patienceMs = 2 * settings.pollSeconds * 1000;
  let waiting: readonly Waiting[] = [];
  let askedAt = clock.now();
  let known = new Map<string, Deadlock>();
  /** Found twice in a row: the scheduler's words may be older than the newest node. */
  let isConfirmed = false;

  async function read(maxAgeMs: number): Promise<void> {
    const look = await workloads.look(maxAgeMs);
    const found: Waiting[] = [];
    for (const member of members) {
      const why = await look.whyNotReady(member);
      if (why !== null) found.push({ member, why, deadlock: known.get(member.id) ?? null });
    }
    waiting = found;
  }

  async function explain(): Promise<void> {
    askedAt = clock.now();
    const { deadlocks, failedCreates } = await detectDeadlocks(context);
    const before = known;
    known = new Map(deadlocks.map((deadlock) => [deadlock.owner, deadlock]));
    waiting = waiting.map((one) => ({ ...one, deadlock: known.get(one.member.id) ?? null }));
    isConfirmed = waiting.every(({ member }) => before.get(member.id)?.kind === known.get(member.id)?.kind);
    await kickControllers(failedCreates, context);
  }

  return {
    waiting: () => waiting,
    explain,
    async look(): Promise<boolean> {
      await read(FRESH_MS);
      if (waiting.length > 0) await read(0);
      if (waiting.length === 0) return true;
      context.tell(`waiting for ${words(waiting)}`, { waiting: waiting.length });
      if (clock.now() - askedAt >= patienceMs) await explain();
      return false;
    },
    /** Nothing that is missing can come by waiting: it is held up for good, or by a lack of nodes that are still to come. */
    isHopeless: (mayDefer: boolean): boolean =>
      isConfirmed &&
      (waiting.every(({ deadlock }) => deadlock?.isPermanent === true || (mayDefer && lacksNode(deadlock))) ||
        waiting.some(({ member, deadlock }) => isFoundation(member) && deadlock?.isPermanent === true && !mayDefer)),
  };
}

/** What more nodes may put right. */
function lacksNode(deadlock: Deadlock | null): boolean {
  return deadlock !== null && ["no-room", "volume-zone", "taint", "no-such-node"].includes(deadlock.kind);
}

interface Asked {
  readonly awaited: readonly TierMember[];
  readonly mayDefer: boolean;
}

function conclude(waiting: readonly Waiting[], { awaited, mayDefer }: Asked, context: StepContext): StepOutcome {
  const { notes } = context;
  const later = mayDefer ? waiting.filter(({ deadlock }) => lacksNode(deadlock)) : [];
  for (const { member } of later) notes.deferred.add(member.id);
  const missing = waiting.filter((one) => !later.includes(one));
  if (waiting.length === 0) markTier(awaited, context);
  if (missing.length === 0) return { kind: "done", detail: detailOf(awaited, later) };
  if (missing.some(({ member }) => isFoundation(member))) return { kind: "stopped", failure: notReady(missing) };
  const grave = missing.filter(({ member, deadlock }) => member.isCritical || mustBeRemoved(deadlock));
  const light = missing.filter((one) => !grave.includes(one));
  if (light.length > 0) notes.warnings.push(`Not ready in time: ${words(light)}${causesOf(light)}`);
  if (grave.length > 0) return { kind: "partial", failure: notReady(grave) };
  return { kind: "done", detail: `${awaited.length - missing.length} of ${awaited.length} ready` };
}

/** DNS is a tier of its own; the last tier that was ready is how far they all are. */
function markTier(awaited: readonly TierMember[], context: StepContext): void {
  if (awaited.some(({ tier }) => tier === 2)) markWake("dnsReadyMs", context);
  if (awaited.some(({ tier }) => tier === 7)) markWake("allTiersReadyMs", context);
}

function detailOf(awaited: readonly TierMember[], later: readonly Waiting[]): string {
  return later.length === 0 ? `${awaited.length} ready` : `left until more nodes are there: ${words(later)}`;
}

function isFoundation({ tier, isCritical }: TierMember): boolean {
  return isCritical && FOUNDATION_TIERS.includes(tier);
}

/** A cause that does not go by itself; want of room may, when an autoscaler runs. */
function mustBeRemoved(deadlock: Deadlock | null): boolean {
  return deadlock !== null && ["webhook", "volume-zone", "taint"].includes(deadlock.kind);
}

const SHOWN = 5;

function words(waiting: readonly Waiting[]): string {
  const shown = waiting.slice(0, SHOWN).map(({ member, why }) => `${member.id} (${why})`);
  return `${shown.join("; ")}${waiting.length > SHOWN ? `; and ${waiting.length - SHOWN} more` : ""}`;
}

function causesOf(waiting: readonly Waiting[]): string {
  const causes = [...new Set(waiting.flatMap(({ deadlock }) => deadlock?.cause ?? []))].slice(0, SHOWN);
  return causes.length === 0 ? "." : `. ${causes.join(" ")}`;
}

/** Names the first cause that is known: the others often follow from it. */
function notReady(missing: readonly Waiting[]): FailureInfo {
  const [first] = missing;
  const tier = first?.member.tier ?? 7;
  const blamed = missing.find(({ deadlock }) => deadlock !== null) ?? first;
  const remedy =
    blamed?.deadlock?.remedy ??
    `Look at it (kubectl describe ${kubectlName(blamed)}), then wake again: the saved sizes are kept.`;
  return {
    code: "tier-not-ready",
    message: `Tier ${tier}, ${TIER_NAMES[tier]}, is not ready: ${words(missing)}${causesOf(missing)}`,
    remedy,
  };
}

/** `deployment -n shop db` */
function kubectlName(waiting: Waiting | undefined): string {
  const [, kind = "", namespace = "", name = ""] = /^(\S+) ([^/]+)\/(.+)$/.exec(waiting?.member.id ?? "") ?? [];
  return `${kind.toLowerCase()} -n ${namespace} ${name}`;
}

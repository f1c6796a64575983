import {
  amendAgain,
  applyingPatch,
  givingBackPatch,
  isMarked,
  refOf,
  savedAmendments,
  settleAmendments,
  standingOf,
  type Amendment,
  type Purpose,
} from "../cycle/index.js";
import type { ApiObject, FailureInfo, Objects, PatchAnswer, PatchOperation } from "../ports/index.js";
import type { StepContext } from "./context.js";

/** How often an object that changes under our hands is read again before a person is told. */
const ATTEMPTS = 5;

/** What became of amendments that were to be applied or given back. */
export interface Amended {
  readonly changed: number;
  /** Set when one could not be changed; the others were. */
  readonly failure: FailureInfo | null;
}

/** Which amendments; all of the purpose unless told. */
type Choose = (amendment: Amendment) => boolean;

/**
 * Makes the amendments of a measure that the journal holds. An object that somebody changed between the save and now has
 * that as its original, noted before it is touched; one that has our value by then without our mark is left to whoever set
 * it; one that carries our mark and another value was undone by somebody and is set again. Calling twice is safe: what is applied is not sent again.
 */
export function applyAmendments(purpose: Purpose, context: StepContext, choose: Choose = () => true): Promise<Amended> {
  return amendObjects(purpose, context, choose, applyToObject);
}

/**
 * Gives the amendments of a measure back, each only while it is still ours: what somebody changed meanwhile stays theirs and
 * is reported (safe-cycle W14, design §3.5). Calling twice is safe.
 */
export function giveBackAmendments(
  purpose: Purpose,
  context: StepContext,
  choose: Choose = () => true,
): Promise<Amended> {
  return amendObjects(purpose, context, choose, giveBackObject);
}

type AmendObject = (
  amendments: readonly Amendment[],
  live: ApiObject | null,
  context: StepContext,
) => Promise<PatchAnswer | "nothing">;

async function amendObjects(
  purpose: Purpose,
  context: StepContext,
  choose: Choose,
  amendObject: AmendObject,
): Promise<Amended> {
  const { session } = context;
  if (!session.hasCycle()) return { changed: 0, failure: null };
  let changed = 0;
  let failure: FailureInfo | null = null;
  for (const amendments of byObject(savedAmendments(session.journal(), purpose).filter(choose))) {
    const answer = await untilSettled(amendments, context, amendObject);
    if (answer === "patched") changed += 1;
    else if (answer !== "nothing") failure ??= answer;
    await session.heartbeat();
  }
  return { changed, failure };
}

/** Reads and patches until the object held still in between. */
async function untilSettled(
  amendments: readonly Amendment[],
  context: StepContext,
  amendObject: AmendObject,
): Promise<"patched" | "nothing" | FailureInfo> {
  const [first] = amendments;
  if (!first) return "nothing";
  let last = "it changed at every look";
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const live = await context.kubernetes.objects.read(first.type, first);
    const answer = await amendObject(amendments, live, context);
    if (answer === "nothing" || answer.kind === "gone") return "nothing";
    if (answer.kind === "patched") return "patched";
    last = answer.message;
    if (answer.kind !== "changed") break;
  }
  return pauseFailed(first, last);
}

async function applyToObject(
  amendments: readonly Amendment[],
  live: ApiObject | null,
  context: StepContext,
): Promise<PatchAnswer | "nothing"> {
  const { session, kubernetes } = context;
  const cycleId = session.cycleId() ?? "";
  const [first] = amendments;
  if (!first) return "nothing";
  if (live?.metadata.uid !== first.uid) {
    await settle(amendments, "left", context);
    return "nothing";
  }
  const due = amendments.filter((one) => standingOf(one, live) !== "ours");
  if (!isMarked(live, cycleId)) {
    // Value and mark are set in one patch: without the mark, somebody else set the same value meanwhile, and it stays.
    const theirs = amendments.filter((one) => !due.includes(one));
    await settle(theirs, "left", context);
    await adoptOriginals(due, live, context);
  }
  if (due.length === 0) return "nothing";
  return patchUnlessEmpty(refOf(first), applyingPatch(due, live, cycleId), kubernetes.objects);
}

/** Before our mark is on it, whatever the object says is its owner's. */
async function adoptOriginals(
  amendments: readonly Amendment[],
  live: ApiObject,
  { session }: StepContext,
): Promise<void> {
  const renewed = amendments.filter((one) => standingOf(one, live) === "changed").map((one) => amendAgain(one, live));
  await session.update((journal) => settleAmendments(journal, renewed));
}

async function giveBackObject(
  amendments: readonly Amendment[],
  live: ApiObject | null,
  context: StepContext,
): Promise<PatchAnswer | "nothing"> {
  const { session, notes, kubernetes } = context;
  const isOurs = live !== null && isMarked(live, session.cycleId() ?? "");
  const judged = amendments.map((one) => ({ one, standing: standingOf(one, live) }));
  const mine = judged.filter(({ standing }) => standing === "ours" && isOurs).map(({ one }) => one);
  const restored = judged.filter(({ standing }) => standing === "original").map(({ one }) => one);
  const theirs = judged.filter(({ one }) => !mine.includes(one) && !restored.includes(one));
  const [first] = amendments;
  if (!first) return "nothing";
  const answer =
    live === null || (mine.length === 0 && !isOurs)
      ? "nothing"
      : await patchUnlessEmpty(
          refOf(first),
          givingBackPatch(mine, live, keepsMark(amendments, context)),
          kubernetes.objects,
        );
  if (answer !== "nothing" && answer.kind !== "patched" && answer.kind !== "gone") return answer;
  notes.drift.push(...theirs.map(({ one, standing }) => `${one.id} ${WHY_LEFT[standing]}; left as it is.`));
  await settle([...mine, ...restored], "given-back", context);
  await settle(
    theirs.map(({ one }) => one),
    "left",
    context,
  );
  return answer;
}

const WHY_LEFT = {
  ours: "has the value that Curfew would have set, without Curfew's mark",
  original: "is as it was",
  changed: "was changed by somebody while the cluster slept",
  recreated: "was made anew while the cluster slept",
  gone: "was deleted while the cluster slept",
} as const;

/** Whether the object has other amendments of this cycle that are not given back in this call. */
function keepsMark(amendments: readonly Amendment[], { session }: StepContext): boolean {
  const ids = new Set(amendments.map(({ id }) => id));
  return session
    .journal()
    .amendments.some((other) => other.state === "saved" && !ids.has(other.id) && other.uid === amendments[0]?.uid);
}

async function patchUnlessEmpty(
  ref: ReturnType<typeof refOf>,
  operations: readonly PatchOperation[],
  objects: Objects,
): Promise<PatchAnswer | "nothing"> {
  return operations.length === 0 ? "nothing" : objects.patch(ref, operations);
}

function settle(amendments: readonly Amendment[], state: Amendment["state"], { session }: StepContext): Promise<void> {
  return session.update((journal) =>
    settleAmendments(
      journal,
      amendments.map((one) => ({ ...one, state })),
    ),
  );
}

function byObject(amendments: readonly Amendment[]): readonly (readonly Amendment[])[] {
  return [...Map.groupBy(amendments, ({ type, uid }) => `${type.plural}/${uid}`).values()];
}

function pauseFailed({ id, reason, purpose }: Amendment, message: string): FailureInfo {
  return {
    code: "pause-failed",
    message: `${id} could not be changed (${reason}): ${message}`,
    remedy: `Allow it, or set settings.measures.${purpose} to report to go on without it.`,
  };
}

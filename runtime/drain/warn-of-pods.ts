import { spawn, isRetryable, type DrainContext } from "./context.js";
import { silentNodes } from "./instances.js";
import { podId } from "./pod-kind.js";
import { reasonFor } from "./reasons.js";
import { stageOf, type PodRecord } from "./record.js";
import type { Census } from "./state.js";

/** Most budgets let go sooner, and are not worth an event. */
const PATIENCE_MS = 30_000;
/** The same, as a share of a drain that is shorter. */
const PATIENCE_SHARE = 0.25;
/** A cluster in which everything is blocked is told of in the report, not pod by pod. */
const MOST_EVENTS = 50;

/**
 * Writes one event about each pod that has been blocked for a while, for people who look at their pod and not at Curfew
 * (safe-cycle 67): one at a time, fifty in a drain, none any more once the server refuses one.
 */
export function warnOfBlockedPods(context: DrainContext, census: Census): void {
  const { warnings } = context.state;
  if (warnings.isUnderWay || warnings.isRefused || warnings.told.size >= MOST_EVENTS) return;
  const next = blockedForLong(context, census).find(({ pod }) => !warnings.told.has(pod.uid));
  if (next === undefined) return;
  warnings.isUnderWay = true;
  warnings.told.add(next.pod.uid);
  spawn(context, () =>
    warn(context, next).finally(() => {
      warnings.isUnderWay = false;
    }),
  );
}

function blockedForLong({ ports, state }: DrainContext, census: Census): readonly PodRecord[] {
  const patienceMs = Math.min(PATIENCE_MS, state.settings.timeoutSeconds * 1000 * PATIENCE_SHARE);
  const since = ports.clock.now() - patienceMs;
  return [...census.held, ...census.looping].filter(
    ({ firstAttemptAt }) => firstAttemptAt !== null && firstAttemptAt <= since,
  );
}

async function warn({ ports, state, deadlineAt }: DrainContext, record: PodRecord): Promise<void> {
  const now = ports.clock.now();
  const context = { now, deadlineAt, silentNodes: silentNodes(state.nodes.values(), state.instances) };
  const why = reasonFor(record, stageOf(record, { ...state, now }), context);
  const until = new Date(deadlineAt).toISOString();
  const message = `${podId(record.pod)} ${why ?? "does not leave"}. Curfew empties its node for the night and waits until ${until}.`;
  try {
    const answer = await ports.kubernetes.warnOfPod(record.pod, { reason: "CurfewDrainBlocked", message });
    state.warnings.isRefused = answer === "refused";
  } catch (error) {
    if (!isRetryable(error)) throw error;
    state.warnings.isRefused = true;
  }
}

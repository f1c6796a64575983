import type { InstanceState } from "../../ports/index.js";
import { isFailure } from "../../ports/index.js";
import type { StepContext, StepOutcome } from "../context.js";
import { waitOptions, waitUntil } from "../poll.js";

/** EC2 frees what is shutting down by itself. */
const ENDED: readonly InstanceState[] = ["shutting-down", "terminated"];

/**
 * Proves by EC2 that these instances have ended, wherever they are by now: an instance that was detached from its group is
 * in no list of Auto Scaling's and runs on, paid (safe-cycle H32). Left out, with a warning, where the role may not ask EC2.
 */
export async function awaitInstancesEnded(ids: readonly string[], context: StepContext): Promise<StepOutcome> {
  let survivors: readonly string[] = [];
  const end = await waitUntil(
    async () => {
      survivors = survivorsAmong(await readStates(ids, context));
      if (survivors.length > 0)
        context.tell(`waiting for ${survivors.length} instance(s) that left their group`, {
          instances: survivors.length,
        });
      return survivors.length === 0;
    },
    waitOptions(context, context.settings.emptyTimeoutSeconds),
  );
  if (end !== "timed-out") return { kind: end };
  return {
    kind: "stopped",
    failure: {
      code: "not-empty",
      message: `${survivors.length} instance(s) left their group and did not end: ${survivors.slice(0, 10).join(", ")}.`,
      remedy:
        "No group holds them any more, so nothing ends them: terminate them or delete their nodes, then run again. The saved sizes are kept.",
    },
  };
}

function survivorsAmong(states: ReadonlyMap<string, InstanceState>): readonly string[] {
  return [...states].filter(([, state]) => !ENDED.includes(state)).map(([id, state]) => `${id} (${state})`);
}

/** What EC2 says of instances; nothing, with a warning, where the role may not ask. */
export async function readStates(
  ids: readonly string[],
  { capacity, notes }: StepContext,
): Promise<ReadonlyMap<string, InstanceState>> {
  if (ids.length === 0) return new Map();
  try {
    return await capacity.instanceStates(ids);
  } catch (error) {
    if (!isFailure(error) || error.code !== "permission-denied") throw error;
    notes.warnings.push(`EC2 could not be asked whether instances have ended: ${error.message}`);
    return new Map();
  }
}

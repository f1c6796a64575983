import type { WantedNodes } from "../../cycle/index.js";
import type { GroupInstances } from "../../ports/index.js";
import type { StepContext } from "../context.js";

/** Instances that are all in service are believed so long. */
const FRESH_MS = 60_000;

/** Reads instances until all that are wanted are in service; from then on only now and then (aws.md §12). */
export function instanceReader({ capacity, clock }: StepContext) {
  let seen: readonly GroupInstances[] = [];
  let completeAt: number | null = null;
  return {
    async read(wanted: readonly WantedNodes[]): Promise<readonly GroupInstances[]> {
      if (wanted.length === 0) return [];
      if (completeAt !== null && clock.now() - completeAt < FRESH_MS) return seen;
      seen = await capacity.readInstances(wanted.map(({ group }) => group));
      completeAt = wanted.every((one) => isComplete(one, seen)) ? clock.now() : null;
      return seen;
    },
  };
}

function isComplete({ group, nodes }: WantedNodes, seen: readonly GroupInstances[]): boolean {
  const instances = seen.find(({ groupId }) => groupId === group.id)?.instances ?? [];
  return instances.filter(({ state }) => state === "InService").length >= nodes;
}

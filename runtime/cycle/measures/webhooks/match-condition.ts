import { VITAL_CLUSTER_RESOURCES } from "./vital-requests.js";
import type { Webhook } from "./webhook.js";

const NAME = "curfew.dev/asleep";

const OF_THE_CLUSTER = `(request.resource.group + '/' + request.resource.resource) in [${VITAL_CLUSTER_RESOURCES.map((name) => `'${name}'`).join(", ")}]`;
const ENDING_A_POD =
  "(request.resource.group == '' && request.resource.resource == 'pods' && (request.operation == 'DELETE' || " +
  "(has(request.subResource) && request.subResource in ['eviction', 'status'])))";

/**
 * Leaves out of a webhook what no selector can: objects of no namespace that the cluster needs to start, and pods that
 * have to end wherever they are (safe-cycle H13, H15). CEL; the webhook is asked only while every condition is true.
 */
const CONDITION = { name: NAME, expression: `!(${OF_THE_CLUSTER}) && !${ENDING_A_POD}` } as const;

/** The API server takes at most so many conditions per webhook. */
const MOST_CONDITIONS = 64;

/** Whether the webhook leaves these requests out already, for the night. */
export function hasOurCondition({ matchConditions }: Pick<Webhook, "matchConditions">): boolean {
  return matchConditions.some(({ name, expression }) => name === NAME && expression === CONDITION.expression);
}

/** The webhook's conditions with ours; null when there is no room for it. */
export function withOurCondition({
  matchConditions,
}: Pick<Webhook, "matchConditions">): { name: string; expression: string }[] | null {
  const theirs = matchConditions.filter(({ name }) => name !== NAME);
  return theirs.length < MOST_CONDITIONS ? [...theirs, { ...CONDITION }] : null;
}

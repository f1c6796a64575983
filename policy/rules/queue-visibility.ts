import * as z from "zod";

import { AWS } from "../aws-types.js";
import { eventSourcesIn } from "../hub/event-sources.js";
import { isInScope, scopeField } from "../hub/scope.js";
import { stackRule } from "../rule.js";
import { numberAt, UNKNOWN, valueAt } from "../value.js";

/** What AWS takes when nothing is said. */
const DEFAULT_VISIBILITY_SECONDS = 30;
const DEFAULT_TIMEOUT_SECONDS = 3;

/** AWS's own measure: a throttled batch else comes a second time while it is worked on (aws.md §4). */
export const queueVisibility = () =>
  stackRule({
    name: "queue-visibility",
    says: "A message stays unseen for at least six times its function's time-out.",
    whatToDo: "Raise the queue's visibilityTimeoutSeconds, or lower the function's timeout.",
    config: z.strictObject({ ...scopeField, factor: z.number().min(1).max(100).default(6) }),
    onlyWith: AWS.eventSourceMapping,
    check: (resources, config) =>
      eventSourcesIn(resources).flatMap(({ mapping, queue, function: worker }) => {
        if (queue === undefined || worker === undefined || !isInScope(mapping.urn, config)) return [];
        const seconds = { queue: "visibilityTimeoutSeconds", worker: "timeout" } as const;
        if (valueAt(queue.props, seconds.queue) === UNKNOWN || valueAt(worker.props, seconds.worker) === UNKNOWN)
          return [];
        const visible = numberAt(queue.props, seconds.queue) ?? DEFAULT_VISIBILITY_SECONDS;
        const needed = config.factor * (numberAt(worker.props, seconds.worker) ?? DEFAULT_TIMEOUT_SECONDS);
        if (visible >= needed) return [];
        const problem =
          `Messages of ${queue.name} are shown again after ${visible} s, and ${worker.name} may take so long ` +
          `that ${needed} s are needed`;
        return [{ urn: queue.urn, problem }];
      }),
  });

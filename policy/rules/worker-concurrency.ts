import * as z from "zod";

import { AWS } from "../aws-types.js";
import { eventSourcesIn } from "../hub/event-sources.js";
import { isInScope, scopeField } from "../hub/scope.js";
import { stackRule } from "../rule.js";
import { numberAt, UNKNOWN, valueAt } from "../value.js";

/**
 * The poller does not know of a reservation: what it fetches and cannot run uses up its deliveries and ends as a dead letter
 * that never ran (aws.md §4). Without a reservation there is nothing to exceed.
 */
export const workerConcurrency = () =>
  stackRule({
    name: "worker-concurrency",
    says: "An event source asks for less than its function has reserved.",
    whatToDo: "Set scalingConfig.maximumConcurrency below reservedConcurrentExecutions.",
    config: z.strictObject(scopeField),
    onlyWith: AWS.eventSourceMapping,
    check: (resources, config) =>
      eventSourcesIn(resources).flatMap(({ mapping, function: worker }) => {
        const reserved = numberAt(worker?.props, "reservedConcurrentExecutions") ?? -1;
        const most = valueAt(mapping.props, "scalingConfig", "maximumConcurrency");
        if (reserved < 0 || most === UNKNOWN || worker === undefined || !isInScope(mapping.urn, config)) return [];
        if (typeof most === "number" && most < reserved) return [];
        const asks = typeof most === "number" ? `${most} calls` : "any number of calls";
        return [
          {
            urn: mapping.urn,
            problem: `${mapping.name} may ask for ${asks} at once, and ${worker.name} has reserved ${reserved}`,
          },
        ];
      }),
  });

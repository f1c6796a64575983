import * as z from "zod";

import { AWS } from "../aws-types.js";
import { deadLetterQueues, hasAlarm, hasRedrivePolicy, queuesIn } from "../hub/queue-graph.js";
import { isInScope, scopeField } from "../hub/scope.js";
import { stackRule } from "../rule.js";

/** What nobody could do waits where somebody is told of it (aws.md §4, §8). */
export const deadLetters = () =>
  stackRule({
    name: "dead-letters",
    says: "Every queue has a dead-letter queue, and every dead-letter queue an alarm that tells somebody.",
    whatToDo: "Give it a redrivePolicy, or a MetricAlarm on ApproximateNumberOfMessagesVisible with alarmActions.",
    config: z.strictObject(scopeField),
    onlyWith: AWS.queue,
    check(resources, config) {
      const dead = deadLetterQueues(resources);
      return queuesIn(resources)
        .filter(({ urn }) => isInScope(urn, config))
        .flatMap((queue) => {
          const { name, urn } = queue;
          if (!dead.has(queue))
            return hasRedrivePolicy(queue) ? [] : [{ urn, problem: `The queue ${name} has no dead-letter queue` }];
          return hasAlarm(queue, resources)
            ? []
            : [{ urn, problem: `No alarm looks at the dead-letter queue ${name}` }];
        });
    },
  });

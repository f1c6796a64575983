import type { PolicyResource } from "@pulumi/policy";

import { AWS } from "../aws-types.js";
import { keysAt, textAt, UNKNOWN, valueAt } from "../value.js";

/** Where a resource names the queue of what it could not do, by the property that does. */
const NAMES_DEAD_LETTERS: Readonly<Record<string, readonly string[]>> = {
  [AWS.queue]: ["redrivePolicy"],
  [AWS.function]: ["deadLetterConfig"],
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": ["destinationConfig"],
  "aws:scheduler/schedule:Schedule": ["target"],
};

export const queuesIn = (resources: readonly PolicyResource[]): readonly PolicyResource[] =>
  resources.filter(({ type }) => type === AWS.queue);

/**
 * The queues that others put dead letters into. An ARN is not known before its queue is made, so a preview goes by the
 * dependencies that the engine keeps for each property.
 */
export function deadLetterQueues(resources: readonly PolicyResource[]): ReadonlySet<PolicyResource> {
  const named = resources.flatMap((resource) =>
    (NAMES_DEAD_LETTERS[resource.type] ?? []).flatMap((key) => resource.propertyDependencies[key] ?? []),
  );
  return new Set(queuesIn(named));
}

/** Whether a queue says where its poison goes; what is not known yet says so. */
export const hasRedrivePolicy = ({ props }: PolicyResource): boolean => {
  const policy = valueAt(props, "redrivePolicy");
  return policy === UNKNOWN || (typeof policy === "string" && policy.includes("deadLetterTargetArn"));
};

/** Whether some alarm looks at the messages in a queue, and tells somebody. */
export function hasAlarm(queue: PolicyResource, resources: readonly PolicyResource[]): boolean {
  return resources.some(
    (resource) =>
      resource.type === AWS.alarm &&
      textAt(resource.props, "metricName") === "ApproximateNumberOfMessagesVisible" &&
      keysAt(resource.props, "alarmActions").length > 0 &&
      watches(resource, queue),
  );
}

function watches(alarm: PolicyResource, queue: PolicyResource): boolean {
  const name = valueAt(alarm.props, "dimensions", "QueueName");
  if (name === UNKNOWN) return alarm.propertyDependencies["dimensions"]?.includes(queue) ?? false;
  return name !== undefined && name === valueAt(queue.props, "name");
}

import type { ResourceType } from "./resource-type.js";
import { dashboard } from "./resources/dashboard.js";
import { eventBus } from "./resources/event-bus.js";
import { eventSourceMapping } from "./resources/event-source-mapping.js";
import { functionEventInvokeConfig } from "./resources/function-event-invoke-config.js";
import { lambdaFunction } from "./resources/function.js";
import { lambdaPermission } from "./resources/lambda-permission.js";
import { logGroup } from "./resources/log-group.js";
import { metricAlarm } from "./resources/metric-alarm.js";
import { queuePolicy, queueRedriveAllowPolicy } from "./resources/queue-attributes.js";
import { queue } from "./resources/queue.js";
import { rolePolicy } from "./resources/role-policy.js";
import { role } from "./resources/role.js";
import { scheduleGroup } from "./resources/schedule-group.js";
import { schedule } from "./resources/schedule.js";
import { stateMachine } from "./resources/state-machine.js";
import { table } from "./resources/table.js";
import { topicPolicy } from "./resources/topic-policy.js";
import { topic } from "./resources/topic.js";

const TYPES: ReadonlyMap<string, ResourceType> = new Map(
  [
    dashboard,
    eventBus,
    eventSourceMapping,
    functionEventInvokeConfig,
    lambdaFunction,
    lambdaPermission,
    logGroup,
    metricAlarm,
    queue,
    queuePolicy,
    queueRedriveAllowPolicy,
    role,
    rolePolicy,
    schedule,
    scheduleGroup,
    stateMachine,
    table,
    topic,
    topicPolicy,
  ].map((type) => [type.token, type]),
);

export const KNOWN_TYPES: readonly string[] = [...TYPES.keys()].sort();

/** The type of that token; undefined when the stand-in does not have it. */
export const findType = (token: string): ResourceType | undefined => TYPES.get(token);

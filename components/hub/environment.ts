import * as pulumi from "@pulumi/pulumi";

import type { HubSettings } from "../../runtime/config/index.js";

export interface EnvironmentArgs {
  readonly settings: HubSettings;
  readonly tableName: pulumi.Input<string>;
  readonly queueUrls: pulumi.Input<readonly string[]>;
  readonly topicArn: pulumi.Input<string>;
  readonly busName: pulumi.Input<string>;
  readonly otlpEndpoint?: pulumi.Input<string> | undefined;
}

/** What planner and worker are told. Lambda allows 4 KB of it, most of which the queues' URLs take. */
export function hubEnvironment({
  settings,
  tableName,
  queueUrls,
  topicArn,
  busName,
  otlpEndpoint,
}: EnvironmentArgs): Record<string, pulumi.Input<string>> {
  return {
    CURFEW_TABLE: tableName,
    CURFEW_SHARDS: String(settings.dueShards),
    CURFEW_PARTITIONS: String(settings.partitions),
    CURFEW_QUEUE_URLS: pulumi.output(queueUrls).apply((urls) => JSON.stringify(urls)),
    CURFEW_QUEUE_ASSIGNMENT: settings.assignment,
    CURFEW_RECHECK_SECONDS: String(settings.recheckSeconds),
    CURFEW_RETRY_AFTER_SECONDS: String(settings.retryAfterSeconds),
    CURFEW_HORIZON_SECONDS: String(settings.horizonSeconds),
    CURFEW_TOPIC_ARN: topicArn,
    CURFEW_BUS_NAME: busName,
    CURFEW_ANNOUNCE_SUCCESS: String(settings.announceSuccess),
    ...(settings.summaryHour !== false && { CURFEW_SUMMARY_HOUR: String(settings.summaryHour) }),
    ...(otlpEndpoint !== undefined && { OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint }),
  };
}

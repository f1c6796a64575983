import { openTelemetry, type HubTelemetry, type TelemetryOptions } from "./adapters/telemetry/telemetry.js";
import { DEFAULT_RHYTHM, queueOf, type Rhythm } from "./fleet/planner/index.js";
import { FLEET_GAUGES } from "./lambda/gauge-fleet.js";
import type { HubSettings } from "./lambda/environment.js";
import { parseClusterId } from "./ports/index.js";

/** What CloudWatch's alarms watch, under the names that the hub's alarms know. */
const ALARM_METRICS: TelemetryOptions["alarmMetrics"] = {
  [FLEET_GAUGES.lag]: { name: "ConvergenceLag", unit: "Milliseconds" },
  [FLEET_GAUGES.pastTarget]: { name: "ClustersPastTarget", unit: "Count" },
  [FLEET_GAUGES.openCircuits]: { name: "OpenCircuits", unit: "Count" },
  "curfew.worker.items": { name: "WorkItems", unit: "Count" },
};

/** Telemetry of a function; its lines go to standard output as they are, which the embedded metric format needs. */
export function openHubTelemetry({ hub, region, otlpEndpoint }: HubSettings, role: string): Promise<HubTelemetry> {
  return openTelemetry({
    hub,
    role,
    region,
    endpoint: otlpEndpoint,
    alarmMetrics: ALARM_METRICS,
    write: (line) => void process.stdout.write(`${line}\n`),
    now: Date.now,
  });
}

/** Which queue a cluster's work goes to. */
export function queueUrlOf({ queueUrls, queueAssignment }: HubSettings): (clusterId: string) => string {
  return (clusterId) => {
    const identity = parseClusterId(clusterId);
    const url = identity && queueUrls[queueOf(identity, queueAssignment, queueUrls.length)];
    if (url === undefined) throw new Error(`no queue for ${clusterId}: it is no account/region/name`);
    return url;
  };
}

/** How often clusters are looked at: the same for planner and workers. */
export function rhythmOf({ recheckSeconds, retryAfterSeconds, horizonSeconds }: HubSettings): Rhythm {
  return { ...DEFAULT_RHYTHM, recheckSeconds, retryAfterSeconds, horizonSeconds };
}

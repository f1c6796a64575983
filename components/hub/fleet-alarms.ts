import type { Alarm, Metric } from "./alarm.js";
import { FLEET_METRICS } from "./metrics.js";

/** A quarter of an hour: what a lost message costs. */
const LATE_MS = 900_000;

/** What a person cares for: whether the clusters are where they should be. The heartbeat speaks for missing readings. */
export function fleetAlarms(dimensions: Metric["dimensions"]): readonly Alarm[] {
  const metric = (name: string, statistic: string): Metric => ({
    namespace: FLEET_METRICS.namespace,
    name,
    dimensions,
    statistic,
  });
  const patient = { periodSeconds: 300, periods: 3, of: 3, silence: "fine" } as const;
  return [
    {
      key: "convergence-lag",
      description: "One cluster in a hundred is late by more than a quarter of an hour: `curfew fleet` names them.",
      ...patient,
      rings: { when: "above", threshold: LATE_MS },
      watches: metric(FLEET_METRICS.convergenceLag, "p99"),
    },
    {
      key: "past-target",
      description: "Clusters are not in the state wanted although their time is over: `curfew fleet` names them.",
      ...patient,
      rings: { when: "above", threshold: 0 },
      watches: metric(FLEET_METRICS.pastTarget, "Maximum"),
    },
    {
      key: "open-circuits",
      description: "An account refuses or throttles the hub, which lets it rest: `curfew fleet` says which and why.",
      ...patient,
      periods: 1,
      of: 1,
      rings: { when: "above", threshold: 0 },
      watches: metric(FLEET_METRICS.openCircuits, "Maximum"),
    },
  ];
}

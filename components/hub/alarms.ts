import * as cloudwatch from "@pulumi/aws/cloudwatch/index.js";
import * as pulumi from "@pulumi/pulumi";

import { isFormula, type Alarm, type Metric } from "./alarm.js";
import { deadLetterAlarm, queueAlarms } from "./queue-alarms.js";
import { errorShareAlarm, heartbeatAlarm } from "./function-alarms.js";
import { fleetAlarms } from "./fleet-alarms.js";
import type { HubNames } from "./names.js";
import { deepQueue } from "./sizes.js";
import type { HubSettings } from "../../runtime/config/index.js";

/** Every alarm of a hub. Pure. */
export function hubAlarms(names: HubNames, { region, workers }: HubSettings): readonly Alarm[] {
  const dead = [...names.queues.map((queue) => queue.dead), names.missedTicks];
  return [
    ...names.queues.flatMap(({ queue }) => queueAlarms(queue, deepQueue(workers))),
    ...dead.map(deadLetterAlarm),
    ...[...names.planners, ...names.workers].map(errorShareAlarm),
    ...names.planners.map(heartbeatAlarm),
    ...fleetAlarms({ service: names.prefix, Region: region }),
  ];
}

export interface AlarmsArgs {
  readonly alarms: readonly Alarm[];
  readonly prefix: string;
  readonly region: string;
  /** Told when an alarm rings and when it is over. */
  readonly topicArns: readonly pulumi.Input<string>[];
}

/** Rings when the hub or the fleet is not well. */
export class Alarms extends pulumi.ComponentResource {
  constructor(
    name: string,
    { alarms, prefix, region, topicArns }: AlarmsArgs,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("curfew:index:Alarms", name, {}, options);
    for (const alarm of alarms) {
      const alarmName = alarm.key.startsWith(`${prefix}-`) ? alarm.key : `${prefix}-${alarm.key}`;
      new cloudwatch.MetricAlarm(
        alarmName,
        { name: alarmName, region, ...alarmInputs(alarm), alarmActions: [...topicArns], okActions: [...topicArns] },
        { parent: this },
      );
    }
    this.registerOutputs({});
  }
}

function alarmInputs({ description, periods, of, rings, silence, ...watched }: Alarm) {
  return {
    alarmDescription: description,
    evaluationPeriods: of,
    datapointsToAlarm: periods,
    threshold: rings.threshold,
    comparisonOperator: rings.when === "above" ? "GreaterThanThreshold" : "LessThanThreshold",
    treatMissingData: silence === "fine" ? "notBreaching" : "breaching",
    ...watchedInputs(watched),
  };
}

function watchedInputs({ watches, periodSeconds }: Pick<Alarm, "watches" | "periodSeconds">) {
  if (!isFormula(watches)) {
    const { namespace, name, dimensions, statistic } = watches;
    return { namespace, metricName: name, dimensions, period: periodSeconds, ...statisticInput(statistic) };
  }
  const parts = Object.entries(watches.metrics).map(([id, metric]) => ({ id, metric: queryOf(metric, periodSeconds) }));
  return { metricQueries: [{ id: "result", expression: watches.expression, returnData: true }, ...parts] };
}

const queryOf = ({ namespace, name, dimensions, statistic }: Metric, period: number) => ({
  namespace,
  metricName: name,
  dimensions,
  period,
  stat: statistic,
});

/** CloudWatch takes percentiles under another key. */
const statisticInput = (statistic: string) =>
  statistic.startsWith("p") ? { extendedStatistic: statistic } : { statistic };

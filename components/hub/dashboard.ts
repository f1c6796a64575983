import * as cloudwatch from "@pulumi/aws/cloudwatch/index.js";
import * as pulumi from "@pulumi/pulumi";

import { cellOf } from "./grid.js";
import { FLEET_METRICS } from "./metrics.js";
import type { HubNames } from "./names.js";

/** A line of a graph in CloudWatch's own form: namespace, metric, then names and values of dimensions. */
type Line = readonly (string | Readonly<Record<string, string>>)[];

interface Graph {
  readonly title: string;
  readonly lines: readonly Line[];
}

/** The dashboard's text, a graph for each question that a person on call asks. Pure. */
function dashboardBody(names: HubNames, region: string): string {
  const widgets = graphsOf(names, region).map(({ title, lines }, index) => ({
    type: "metric",
    ...cellOf(index),
    properties: { title, region, period: 60, view: "timeSeries", metrics: lines },
  }));
  return JSON.stringify({ widgets });
}

function graphsOf(names: HubNames, region: string): readonly Graph[] {
  const fleet = (name: string, stat: string): Line => [
    FLEET_METRICS.namespace,
    name,
    "service",
    names.prefix,
    "Region",
    region,
    { stat },
  ];
  const queue = (name: string, metric: string): Line => ["AWS/SQS", metric, "QueueName", name, { stat: "Maximum" }];
  const call = (name: string, metric: string, stat: string): Line => [
    "AWS/Lambda",
    metric,
    "FunctionName",
    name,
    { stat },
  ];
  const functions = [...names.planners, ...names.workers];
  const queues = names.queues.map((pair) => pair.queue);
  const dead = [...names.queues.map((pair) => pair.dead), names.missedTicks];
  return [
    { title: "Late by (p99, ms)", lines: [fleet(FLEET_METRICS.convergenceLag, "p99")] },
    {
      title: "Clusters past their target, circuits open",
      lines: [fleet(FLEET_METRICS.pastTarget, "Maximum"), fleet(FLEET_METRICS.openCircuits, "Maximum")],
    },
    { title: "Work that waits", lines: queues.map((name) => queue(name, "ApproximateNumberOfMessagesVisible")) },
    { title: "Oldest message (s)", lines: queues.map((name) => queue(name, "ApproximateAgeOfOldestMessage")) },
    { title: "Dead letters", lines: dead.map((name) => queue(name, "ApproximateNumberOfMessagesVisible")) },
    { title: "Ticks", lines: names.planners.map((name) => call(name, "Invocations", "Sum")) },
    { title: "Errors", lines: functions.map((name) => call(name, "Errors", "Sum")) },
    { title: "Duration (p99, ms)", lines: functions.map((name) => call(name, "Duration", "p99")) },
    { title: "At once", lines: functions.map((name) => call(name, "ConcurrentExecutions", "Maximum")) },
    { title: "Throttled calls", lines: functions.map((name) => call(name, "Throttles", "Sum")) },
  ];
}

export interface FleetDashboardArgs {
  readonly names: HubNames;
  readonly region: string;
}

/** One dashboard for the whole fleet: about 3 USD a month (aws.md §8). An account has one of its own only when it is asked for. */
export class FleetDashboard extends pulumi.ComponentResource {
  constructor(name: string, { names, region }: FleetDashboardArgs, options?: pulumi.ComponentResourceOptions) {
    super("curfew:index:FleetDashboard", name, {}, options);
    new cloudwatch.Dashboard(
      name,
      { dashboardName: names.dashboard, region, dashboardBody: dashboardBody(names, region) },
      { parent: this },
    );
    this.registerOutputs({});
  }
}

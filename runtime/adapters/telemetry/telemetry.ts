import { resourceFromAttributes, type Resource } from "@opentelemetry/resources";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";

import type { Attributes, Progress, Telemetry } from "../../ports/index.js";
import { createEmf, type Emf, type EmfMetric } from "./emf.js";
import { openExporters, type Exporters } from "./exporters.js";
import { createLog, type Log } from "./log.js";
import { createOpenSpans } from "./open-spans.js";
import { createLoggedProgress } from "./progress.js";
import { createSpans } from "./tracing.js";

export interface TelemetryOptions {
  /** The hub's name, which alarms go by. */
  readonly hub: string;
  /** Which function of it: `planner`, `worker`. */
  readonly role: string;
  readonly region: string;
  /** Base URL of an OTLP receiver over HTTP; without one nothing is exported, and traces still go on from hop to hop. */
  readonly endpoint?: string | undefined;
  /** Counters and readings that alarms watch, by name: they become EMF lines as well. */
  readonly alarmMetrics: Readonly<Record<string, EmfMetric>>;
  /** Receives lines of the log and EMF lines, without their ends. */
  readonly write: (line: string) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** What one function tells of itself. */
export interface HubTelemetry {
  readonly telemetry: Telemetry;
  readonly log: Log;
  readonly progress: Progress;
}

const SCOPE = "curfew";
/** Readings are exported by `flush` alone: between invocations a function's timers stand still. */
const NEVER_MS = 2 ** 31 - 1;
/** Milliseconds, from one API call to a drain of an hour. */
const BUCKETS_MS = [
  100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_200_000, 3_600_000,
];

/** OpenTelemetry for everything per cluster and account, EMF for what alarms watch, JSON lines for people. Never throws. */
export async function openTelemetry(options: TelemetryOptions): Promise<HubTelemetry> {
  const { hub, role, region, endpoint, write, now } = options;
  const service = `${hub}-${role}`;
  const log = createLog({ write, now, service });
  const emf = createEmf({ write, now, service: hub, region });
  const exporters =
    endpoint === undefined ? undefined : await openExporters(endpoint, (message) => log("warn", message));
  const resource = resourceFromAttributes({
    "service.name": service,
    "cloud.provider": "aws",
    "cloud.region": region,
  });
  const tracers = new BasicTracerProvider({
    resource,
    spanProcessors: exporters ? [new BatchSpanProcessor(exporters.spans)] : [],
  });
  const meters = createMeters(resource, exporters);
  const openSpans = createOpenSpans();
  return {
    log,
    progress: createLoggedProgress(log, openSpans),
    telemetry: {
      span: createSpans(tracers.getTracer(SCOPE), openSpans),
      ...createReadings(meters, emf, options.alarmMetrics),
      async flush() {
        emf.flush();
        // Each exporter has told what it could not send.
        await Promise.allSettled([tracers.forceFlush(), meters.forceFlush()]);
      },
    },
  };
}

function createMeters(resource: Resource, exporters: Exporters | undefined): MeterProvider {
  const readers = exporters
    ? [new PeriodicExportingMetricReader({ exporter: exporters.metrics, exportIntervalMillis: NEVER_MS })]
    : [];
  return new MeterProvider({ resource, readers });
}

/** The API gives the same instrument for the same name. */
function createReadings(
  meters: MeterProvider,
  emf: Emf,
  alarmMetrics: TelemetryOptions["alarmMetrics"],
): Pick<Telemetry, "count" | "record"> {
  const meter = meters.getMeter(SCOPE);
  const watch = (name: string, value: number, attributes: Attributes): void => {
    const metric = alarmMetrics[name];
    if (metric !== undefined) emf.add(metric, value, attributes);
  };
  return {
    count(name, value, attributes) {
      meter.createCounter(name).add(value, attributes);
      watch(name, value, attributes);
    },
    record(name, value, attributes) {
      meter
        .createHistogram(name, { unit: "ms", advice: { explicitBucketBoundaries: BUCKETS_MS } })
        .record(value, attributes);
      watch(name, value, attributes);
    },
  };
}

import type { PushMetricExporter } from "@opentelemetry/sdk-metrics";
import type { SpanExporter } from "@opentelemetry/sdk-trace-base";

export interface Exporters {
  readonly spans: SpanExporter;
  readonly metrics: PushMetricExporter;
}

/** Exports end within it, or what they carry is lost: a function is paid for while it waits. */
const EXPORT_TIMEOUT_MS = 3_000;

/**
 * OTLP over HTTP as JSON to `endpoint`, metrics as deltas: many short-lived processes add up only so. Headers come from
 * OpenTelemetry's own variables. Loaded only where there is an endpoint. What cannot be exported is told to `warn`.
 */
export async function openExporters(endpoint: string, warn: (message: string) => void): Promise<Exporters> {
  const [{ OTLPTraceExporter }, { OTLPMetricExporter, AggregationTemporalityPreference }] = await Promise.all([
    import("@opentelemetry/exporter-trace-otlp-http"),
    import("@opentelemetry/exporter-metrics-otlp-http"),
  ]);
  const base = endpoint.replace(/\/+$/, "");
  const spans = new OTLPTraceExporter({ url: `${base}/v1/traces`, timeoutMillis: EXPORT_TIMEOUT_MS });
  const metrics = new OTLPMetricExporter({
    url: `${base}/v1/metrics`,
    timeoutMillis: EXPORT_TIMEOUT_MS,
    temporalityPreference: AggregationTemporalityPreference.DELTA,
  });
  return {
    spans: {
      export: (batch, done) => spans.export(batch, told("Traces", warn, done)),
      shutdown: () => spans.shutdown(),
      forceFlush: () => spans.forceFlush(),
    },
    metrics: {
      export: (batch, done) => metrics.export(batch, told("Metrics", warn, done)),
      selectAggregation: (type) => metrics.selectAggregation(type),
      selectAggregationTemporality: (type) => metrics.selectAggregationTemporality(type),
      shutdown: () => metrics.shutdown(),
      forceFlush: () => metrics.forceFlush(),
    },
  };
}

type Done = Parameters<SpanExporter["export"]>[1];

function told(what: string, warn: (message: string) => void, done: Done): Done {
  return (result) => {
    if (result.error) warn(`${what} could not be exported: ${result.error.message}`);
    done(result);
  };
}

import { ROOT_CONTEXT, SpanStatusCode, trace, type Span as OtelSpan, type Tracer } from "@opentelemetry/api";

import type { Span, Telemetry } from "../../ports/index.js";
import type { OpenSpans } from "./open-spans.js";
import { redact } from "./redact.js";
import { formatTraceparent, parseTraceparent } from "./traceparent.js";

/** Spans whose parent is said, never found in ambient context: a continuation has none, and a bundle can do without the machinery. */
export function createSpans(tracer: Tracer, openSpans: OpenSpans): Telemetry["span"] {
  return async (name, { parent, links = [], attributes = {} }, work) => {
    const parentContext = parent ? parseTraceparent(parent) : undefined;
    const span = tracer.startSpan(
      name,
      { attributes, links: links.flatMap((link) => parseTraceparent(link) ?? []).map((context) => ({ context })) },
      parentContext ? trace.setSpanContext(ROOT_CONTEXT, parentContext) : ROOT_CONTEXT,
    );
    const ours = portSpan(span);
    const leave = openSpans.enter(attributes, ours);
    try {
      return await work(ours);
    } catch (error) {
      markFailed(span, error);
      throw error;
    } finally {
      leave();
      span.end();
    }
  };
}

function portSpan(span: OtelSpan): Span {
  return {
    traceparent: formatTraceparent(span.spanContext()),
    set: (attributes) => void span.setAttributes(attributes),
    event: (name, attributes) => void span.addEvent(name, attributes),
  };
}

function markFailed(span: OtelSpan, error: unknown): void {
  const message = redact(error instanceof Error ? error.message : String(error));
  span.recordException({ name: error instanceof Error ? error.name : "Error", message });
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}

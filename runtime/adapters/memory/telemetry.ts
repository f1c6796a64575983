import type { Attributes, Telemetry } from "../../ports/index.js";

/** A span that has ended. */
export interface RecordedSpan {
  readonly name: string;
  readonly traceparent: string;
  readonly parent: string | null;
  readonly links: readonly string[];
  readonly attributes: Attributes;
  readonly failed: boolean;
}

export interface Reading {
  readonly name: string;
  readonly value: number;
  readonly attributes: Attributes;
}

/** Keeps what was told. */
export interface MemoryTelemetry extends Telemetry {
  readonly spans: () => readonly RecordedSpan[];
  readonly readings: () => readonly Reading[];
}

/** Trace and span ids count up, so that every run is the same. */
export function createMemoryTelemetry(): MemoryTelemetry {
  const spans: RecordedSpan[] = [];
  const readings: Reading[] = [];
  let ids = 0;
  const hex = (digits: number): string => (ids += 1).toString(16).padStart(digits, "0");
  const read = (name: string, value: number, attributes: Attributes) => void readings.push({ name, value, attributes });

  return {
    async span(name, { parent = null, links = [], attributes = {} }, work) {
      const traceparent = `00-${parent?.split("-")[1] ?? hex(32)}-${hex(16)}-01`;
      const said: Record<string, Attributes[string]> = { ...attributes };
      let failed = false;
      try {
        return await work({ traceparent, set: (more) => void Object.assign(said, more), event: () => undefined });
      } catch (error) {
        failed = true;
        throw error;
      } finally {
        spans.push({ name, traceparent, parent, links, attributes: said, failed });
      }
    },
    count: read,
    record: read,
    flush: () => Promise.resolve(),
    spans: () => spans,
    readings: () => readings,
  };
}

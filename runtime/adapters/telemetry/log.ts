import { parseClusterId } from "../../ports/index.js";
import { parseTraceparent } from "./traceparent.js";
import { redact } from "./redact.js";

export type LogLevel = "info" | "warn" | "error";

/** What a line is about. Absent fields are left out. */
export interface LogContext {
  readonly operationId?: string | undefined;
  readonly clusterId?: string | undefined;
  readonly traceparent?: string | null | undefined;
  /** Anything else, as it is. */
  readonly data?: Readonly<Record<string, unknown>> | undefined;
}

/** Structured log: one JSON object a line, secrets taken out. Never throws. */
export type Log = (level: LogLevel, message: string, context?: LogContext) => void;

export interface LogOptions {
  /** Receives a line without its end. */
  readonly write: (line: string) => void;
  readonly now: () => number;
  readonly service: string;
}

export function createLog({ write, now, service }: LogOptions): Log {
  return (level, message, { operationId, clusterId, traceparent, data } = {}) => {
    const span = traceparent ? parseTraceparent(traceparent) : undefined;
    const account = clusterId === undefined ? undefined : parseClusterId(clusterId)?.account;
    const line = {
      time: new Date(now()).toISOString(),
      level,
      service,
      message: redact(message),
      operation: operationId,
      cluster: clusterId,
      account,
      trace_id: span?.traceId,
      span_id: span?.spanId,
      data,
    };
    write(JSON.stringify(line, redactText));
  };
}

/** Texts lose what looks like a secret; a header's value has no name before it and goes by its key. */
function redactText(key: string, value: unknown): unknown {
  if (typeof value !== "string") return value;
  return /^authorization$/i.test(key) ? "[redacted]" : redact(value);
}

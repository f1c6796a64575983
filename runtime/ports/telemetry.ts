/** Attributes in OpenTelemetry's sense; names as its conventions have them, ours begin with `curfew.`. */
export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** One piece of work on a trace. */
export interface Span {
  /** W3C trace context for whoever goes on elsewhere. */
  readonly traceparent: string;
  set(attributes: Attributes): void;
  event(name: string, attributes?: Attributes): void;
}

/** What the hub tells of itself; never throws and never waits on the way of the work. */
export interface Telemetry {
  /** Runs `work` inside a span; a rejection marks the span and goes on to the caller. `links` are spans of other traces that led here. */
  span<T>(
    name: string,
    options: { readonly parent?: string | null; readonly links?: readonly string[]; readonly attributes?: Attributes },
    work: (span: Span) => Promise<T>,
  ): Promise<T>;
  /** Adds to a counter; per cluster and account. Goes the OpenTelemetry way, where a series costs nothing (aws.md §8). */
  count(name: string, value: number, attributes: Attributes): void;
  /** One reading, in milliseconds unless the name says otherwise; the same way. */
  record(name: string, value: number, attributes: Attributes): void;
  /** Sends what is gathered; at the end of each invocation, before the environment freezes. */
  flush(): Promise<void>;
}

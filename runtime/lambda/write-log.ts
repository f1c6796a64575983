/** Writes one line of a structured log, secrets taken out. */
export type WriteLog = (
  level: "info" | "warn" | "error",
  message: string,
  context?: {
    readonly operationId?: string | undefined;
    readonly clusterId?: string | undefined;
    readonly traceparent?: string | null | undefined;
    readonly data?: Readonly<Record<string, unknown>> | undefined;
  },
) => void;

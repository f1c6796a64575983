/** An answer of the API server other than 2xx, as data: the parts of its `Status` body that Curfew judges by. */
export interface ServerAnswer {
  readonly status: number;
  /** The machine-readable reason, e.g. `Forbidden`; empty when the server gave none (safe-cycle 33). */
  readonly reason: string;
  readonly message: string;
  /** `details.kind`: what the answer is about, e.g. `poddisruptionbudgets`; empty when not said. */
  readonly kind: string;
  readonly causes: readonly StatusCause[];
  /** The server's hint, from the header or from `details.retryAfterSeconds`; null when it gave none. */
  readonly retryAfterMs: number | null;
}

interface StatusCause {
  readonly reason: string;
  readonly message: string;
}

/** Response headers, names in lower case. */
type Headers = Readonly<Record<string, string>>;

/**
 * Reads an answer. `body` may be JSON text, a parsed object or anything else: a 401 has none (safe-cycle 36)
 * and proxies send HTML. Never throws.
 */
export function readServerAnswer(status: number, body: unknown, headers: Headers = {}): ServerAnswer {
  const answer = asRecord(typeof body === "string" ? parseJson(body) : body);
  const details = asRecord(answer["details"]);
  return {
    status,
    reason: asText(answer["reason"]),
    message: asText(answer["message"]) || plainText(body) || `HTTP ${status}`,
    kind: asText(details["kind"]),
    causes: asList(details["causes"]).map(readCause),
    retryAfterMs: secondsToMs(headers["retry-after"]) ?? secondsToMs(details["retryAfterSeconds"]),
  };
}

/**
 * Whether the server refused because the object by that name has another UID than the request said.
 * Eviction, deletion and scaling each have words of their own for it.
 */
export function isUidConflict({ status, message }: ServerAnswer): boolean {
  return status === 409 && /\bUID in (the )?precondition\b/.test(message);
}

function readCause(cause: unknown): StatusCause {
  const { reason, message } = asRecord(cause);
  return { reason: asText(reason), message: asText(message) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function plainText(body: unknown): string {
  return typeof body === "string" && !body.startsWith("{") ? body.trim().slice(0, 200) : "";
}

function secondsToMs(value: unknown): number | null {
  const seconds =
    typeof value === "number" ? value : typeof value === "string" && value !== "" ? Number(value) : Number.NaN;
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : null;
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : "";
}

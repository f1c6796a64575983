import { ApiException } from "@kubernetes/client-node";
import { isUidConflict, readServerAnswer, type ServerAnswer } from "./server-answer.js";

/** Why a request did not give its result. */
export type Fault =
  /** The API server answered, but not 2xx. */
  | { readonly kind: "answered"; readonly answer: ServerAnswer }
  /** No connection was made: nothing was asked. */
  | { readonly kind: "unconnected"; readonly message: string }
  /** Cut off or timed out on the way: whether the server acted is unknown (safe-cycle 29). */
  | { readonly kind: "interrupted"; readonly message: string };

const UNCONNECTED_CODES: ReadonlySet<string> = new Set([
  "ENOTFOUND",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** TLS faults of a certificate that the cluster's CA did not sign: a wrong endpoint, or a proxy in between. */
const CERTIFICATE_CODE = /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|EPROTO)/;

/** HTTP/2 faults: a server that shuts down in the middle of requests causes them. */
const HTTP2_CODE_PREFIX = "ERR_HTTP2_";

const INTERRUPTED_CODES: ReadonlySet<string> = new Set([
  "ECONNRESET",
  "EPIPE",
  "UND_ERR_SOCKET",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
  "UND_ERR_ABORTED",
  "UND_ERR_INFO",
]);

/** What went wrong with a request; undefined when `error` is nothing that a request can throw: a defect, or a `Failure`. */
export function classifyFault(error: unknown): Fault | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof ApiException) {
    return { kind: "answered", answer: readServerAnswer(error.code, error.body, error.headers) };
  }
  if (error.name === "TimeoutError" || error.name === "AbortError")
    return { kind: "interrupted", message: error.message };
  const code = errorCode(error);
  const message = error.message.includes(code) ? error.message : `${code}: ${error.message}`;
  if (UNCONNECTED_CODES.has(code) || CERTIFICATE_CODE.test(code)) return { kind: "unconnected", message };
  return INTERRUPTED_CODES.has(code) || code.startsWith(HTTP2_CODE_PREFIX)
    ? { kind: "interrupted", message }
    : undefined;
}

/** Whether `error` is the API server's answer with this HTTP status. */
export function hasStatus(error: unknown, status: number): boolean {
  return error instanceof ApiException && error.code === status;
}

/** Whether the API server refused because the object by that name is another one now. */
export function isAnotherObject(error: unknown): boolean {
  const fault = classifyFault(error);
  return fault?.kind === "answered" && isUidConflict(fault.answer);
}

function errorCode(error: Error): string {
  if ("code" in error && typeof error.code === "string") return error.code;
  return error.cause instanceof Error ? errorCode(error.cause) : "";
}

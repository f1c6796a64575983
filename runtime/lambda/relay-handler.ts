import type { Context } from "aws-lambda";

import { relayHttps } from "./relay-https.js";
import type { ApiRequest, RelayAnswer, RelayEvent } from "../ports/index.js";

interface RelaySettings {
  /** What the host of an API server must end with. */
  readonly hostSuffix: string;
  /** Most bytes of a whole answer as JSON; default Lambda's own 6 MB. */
  readonly answerLimitBytes?: number;
  readonly log: (message: string) => void;
}

type RelayHandler = (event: unknown, context: Pick<Context, "getRemainingTimeInMillis">) => Promise<RelayAnswer>;

/** A little below 6 MB, which Lambda cuts off with an error of its own. */
const ANSWER_LIMIT_BYTES = 6_000_000;
/** Kept back to still answer in. */
const MARGIN_MS = 1_000;
/** A tunnel (CONNECT) is none of them. */
const METHODS: ReadonlySet<string> = new Set(["GET", "POST", "PUT", "PATCH", "DELETE"]);
/** No others go out: nobody is impersonated by way of a relay. */
const HEADERS: ReadonlySet<string> = new Set(["accept", "authorization", "content-type", "user-agent"]);

/**
 * Gives one request to the API server that the event names, if it is one of EKS, and gives back its answer. Signs nothing and
 * holds no rights: who asks brings the token. Never throws, and never logs a header or a body.
 */
export function createRelayHandler(settings: RelaySettings): RelayHandler {
  const { answerLimitBytes = ANSWER_LIMIT_BYTES, log } = settings;

  async function relay(event: unknown, remainingMs: number): Promise<RelayAnswer> {
    if (!isRelayEvent(event)) return refusal("bad-request", "the event is no request to an API server");
    const url = urlOf(event);
    if (url?.protocol !== "https:" || !url.hostname.endsWith(settings.hostSuffix)) {
      return refusal("host-refused", `only https to hosts that end with ${settings.hostSuffix} is relayed`);
    }
    const request = { ...event, headers: outgoing(event.headers) };
    const timeoutMs = Math.max(1, remainingMs - MARGIN_MS);
    const answer = await relayHttps(url, request, { timeoutMs, limitBytes: answerLimitBytes });
    const isTooLarge = Buffer.byteLength(JSON.stringify(answer)) > answerLimitBytes;
    return isTooLarge ? refusal("too-large", `an answer may have ${answerLimitBytes} bytes`) : answer;
  }

  return async (event, context) => {
    const answer = await relay(event, context.getRemainingTimeInMillis());
    if ("error" in answer) log(`relayed nothing: ${answer.error.code}, ${answer.error.message}`);
    return answer;
  };
}

const refusal = (code: string, message: string): RelayAnswer => ({ error: { code, message } });

function urlOf({ endpoint, path }: Pick<RelayEvent, "endpoint" | "path">): URL | undefined {
  return URL.canParse(path, endpoint) ? new URL(path, endpoint) : undefined;
}

const outgoing = (headers: ApiRequest["headers"]): ApiRequest["headers"] =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => HEADERS.has(name.toLowerCase())));

/** By hand, because a schema library would be ten times the size of the function. */
function isRelayEvent(event: unknown): event is RelayEvent {
  if (!isRecord(event)) return false;
  const { endpoint, certificateAuthority, method, path, headers, body } = event;
  const texts = [endpoint, certificateAuthority, path, ...(body === null ? [] : [body])];
  if (!isText(method) || !METHODS.has(method)) return false;
  return texts.every(isText) && isRecord(headers) && Object.values(headers).every(isText);
}

const isText = (value: unknown): value is string => typeof value === "string";
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

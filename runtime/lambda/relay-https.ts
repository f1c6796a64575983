import type { IncomingMessage } from "node:http";
import { Agent, request as sendRequest } from "node:https";

import type { RelayAnswer, RelayEvent } from "../ports/index.js";

interface RelayLimits {
  /** For the whole request. */
  readonly timeoutMs: number;
  /** Of the answer's body, as it comes. */
  readonly limitBytes: number;
}

/** A security group that swallows packets is told from a server that thinks. */
const CONNECT_TIMEOUT_MS = 5_000;

/** Connections outlive a call as the environment does; the agent keeps those to different hosts and authorities apart. */
const agent = new Agent({ keepAlive: true });

/** Sends one request, to a server that the event's authority signed. Never throws: an error is an answer with its code. */
export async function relayHttps(url: URL, event: RelayEvent, limits: RelayLimits): Promise<RelayAnswer> {
  const { timeoutMs, limitBytes } = limits;
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await open(url, event, signal);
    const body = await readBody(response, limitBytes);
    return { status: response.statusCode ?? 0, headers: headersOf(response), body };
  } catch (error) {
    // A body cut off in its middle by the signal looks as if the server had done it.
    if (signal.aborted) return { error: { code: "timed-out", message: `no answer within ${timeoutMs} ms` } };
    const { code = "", message } = error as NodeJS.ErrnoException;
    return { error: { code, message } };
  }
}

function open(url: URL, event: RelayEvent, signal: AbortSignal): Promise<IncomingMessage> {
  const { method, body, certificateAuthority: ca } = event;
  // Node gives the body of a DELETE no length by itself: the server would take it for the beginning of the next request.
  const headers = { ...event.headers, "content-length": Buffer.byteLength(body ?? "") };
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const outgoing = sendRequest(url, { agent, method, headers, ca, signal });
  const giveUp = () => outgoing.destroy(faultOf("ETIMEDOUT", `no connection within ${CONNECT_TIMEOUT_MS} ms`));
  outgoing.on("socket", (socket) => {
    if (!socket.connecting) return;
    const timer = setTimeout(giveUp, CONNECT_TIMEOUT_MS);
    for (const end of ["secureConnect", "close"]) socket.once(end, () => clearTimeout(timer));
  });
  outgoing.on("response", resolve).on("error", reject).end(body);
  return promise;
}

async function readBody(response: IncomingMessage, limitBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // Leaving the loop destroys the connection.
    if (bytes > limitBytes) throw faultOf("too-large", `an answer may have ${limitBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

const headersOf = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value ?? ""].flat().join(", ")]));

const faultOf = (code: string, message: string): Error => Object.assign(new Error(message), { code });

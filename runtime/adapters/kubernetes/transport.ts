import {
  createConfiguration,
  type Configuration,
  type RequestContext,
  ResponseContext,
  ServerConfiguration,
  wrapHttpLibrary,
} from "@kubernetes/client-node";
import { Agent, request as sendRequest, type Dispatcher } from "undici";

/**
 * Gives a bearer token. With `rejected`, a token that the API server has just refused, gives a newer one;
 * a source that has none may give the same again.
 */
export type TokenSource = (rejected?: string) => Promise<string>;

interface TransportOptions {
  readonly server: string;
  /** PEM. */
  readonly certificateAuthority: string;
  readonly token: TokenSource;
  /** For a whole request with its body, unless the request carries a signal of its own. */
  readonly requestTimeoutMs: number;
}

/** An open way to one API server. */
export interface Transport {
  /** For the API classes of `@kubernetes/client-node`. */
  readonly configuration: Configuration;
  /** Closes idle connections and waits for requests under way. Calling twice is safe. */
  readonly close: () => Promise<void>;
}

const CONNECT_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_MS = 60_000;
const MAX_CONNECTIONS = 64;

/**
 * One pool of connections to one API server. `KubeConfig` is not used because it opens a new TLS connection
 * for every call (pulumi.md §7). A 401 is answered once with a newer token, since a drain outlives the
 * 15 minutes of an EKS token (safe-cycle 36). Tokens appear in no error: errors carry the answer, never the request.
 */
export function createTransport(options: TransportOptions): Transport {
  const agent = new Agent({
    connections: MAX_CONNECTIONS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connect: { ca: options.certificateAuthority, timeout: CONNECT_TIMEOUT_MS },
  });
  let closing: Promise<void> | undefined;

  async function send(context: RequestContext): Promise<ResponseContext> {
    const signal = context.getSignal() ?? AbortSignal.timeout(options.requestTimeoutMs);
    const token = await options.token();
    const response = await exchange(agent, context, token, signal);
    if (response.httpStatusCode !== 401) return response;
    return exchange(agent, context, await options.token(token), signal);
  }

  return {
    configuration: createConfiguration({
      baseServer: new ServerConfiguration(options.server, {}),
      httpApi: wrapHttpLibrary({ send }),
    }),
    close: () => (closing ??= agent.close()),
  };
}

async function exchange(
  dispatcher: Dispatcher,
  context: RequestContext,
  token: string,
  signal: AbortSignal,
): Promise<ResponseContext> {
  const body = context.getBody();
  const response = await sendRequest(context.getUrl(), {
    dispatcher,
    method: context.getHttpMethod(),
    headers: { ...context.getHeaders(), Authorization: `Bearer ${token}` },
    body: typeof body === "string" ? body : null,
    signal,
  });
  // Read here, so that a connection cut in the middle of a body fails like any other, under the same signal.
  const text = await response.body.text();
  return new ResponseContext(response.statusCode, flattenHeaders(response.headers), {
    text: () => Promise.resolve(text),
    binary: () => Promise.resolve(Buffer.from(text)),
    stream: () => null,
  });
}

function flattenHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value ?? ""].flat().join(", ")]));
}

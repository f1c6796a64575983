import {
  createConfiguration,
  type Configuration,
  type RequestContext,
  ResponseContext,
  ServerConfiguration,
  wrapHttpLibrary,
} from "@kubernetes/client-node";
import type { ApiExchange, ApiRequest } from "../../ports/index.js";
import { createDirectExchange } from "./direct-exchange.js";

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
  /** The way to the server, closed with the transport; absent: straight. */
  readonly exchange?: ApiExchange;
}

/** An open way to one API server. */
export interface Transport {
  /** For the API classes of `@kubernetes/client-node`. */
  readonly configuration: Configuration;
  /** Closes idle connections and waits for requests under way. Calling twice is safe. */
  readonly close: () => Promise<void>;
}

/**
 * Signs requests in. A 401 is answered once with a newer token, since a drain outlives the 15 minutes of an EKS token
 * (safe-cycle 36). Tokens appear in no error: errors carry the answer, never the request.
 */
export function createTransport({ token, requestTimeoutMs, ...options }: TransportOptions): Transport {
  const exchange = options.exchange ?? createDirectExchange(options);

  async function send(context: RequestContext): Promise<ResponseContext> {
    const signal = context.getSignal() ?? AbortSignal.timeout(requestTimeoutMs);
    const first = await token();
    const response = await exchange.send(requestOf(context, first), signal);
    if (response.status !== 401) return answerOf(response);
    return answerOf(await exchange.send(requestOf(context, await token(first)), signal));
  }

  return {
    configuration: createConfiguration({
      baseServer: new ServerConfiguration(options.server, {}),
      httpApi: wrapHttpLibrary({ send }),
    }),
    close: () => exchange.close(),
  };
}

function requestOf(context: RequestContext, token: string): ApiRequest {
  const { pathname, search } = new URL(context.getUrl());
  const body = context.getBody();
  return {
    method: context.getHttpMethod(),
    path: pathname + search,
    headers: { ...context.getHeaders(), Authorization: `Bearer ${token}` },
    body: typeof body === "string" ? body : null,
  };
}

function answerOf({ status, headers, body }: Awaited<ReturnType<ApiExchange["send"]>>): ResponseContext {
  return new ResponseContext(
    status,
    { ...headers },
    {
      text: () => Promise.resolve(body),
      binary: () => Promise.resolve(Buffer.from(body)),
      stream: () => null,
    },
  );
}

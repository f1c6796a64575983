import { Agent, request as sendRequest } from "undici";
import type { ApiExchange, ApiRequest } from "../../ports/index.js";

interface DirectOptions {
  /** URL of the API server. */
  readonly server: string;
  /** PEM. */
  readonly certificateAuthority: string;
}

const CONNECT_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_MS = 60_000;
const MAX_CONNECTIONS = 64;

/**
 * One pool of connections to one API server. `KubeConfig` is not used because it opens a new TLS connection for every call
 * (pulumi.md §7).
 */
export function createDirectExchange({ server, certificateAuthority }: DirectOptions): ApiExchange {
  const dispatcher = new Agent({
    connections: MAX_CONNECTIONS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connect: { ca: certificateAuthority, timeout: CONNECT_TIMEOUT_MS },
  });
  let closing: Promise<void> | undefined;

  return {
    async send({ method, path, headers, body }: ApiRequest, signal) {
      const response = await sendRequest(new URL(path, server), { dispatcher, method, headers, body, signal });
      // Read here, so that a connection cut in the middle of a body fails like any other, under the same signal.
      const text = await response.body.text();
      return { status: response.statusCode, headers: flattenHeaders(response.headers), body: text };
    },
    close: () => (closing ??= dispatcher.close()),
  };
}

function flattenHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value ?? ""].flat().join(", ")]));
}

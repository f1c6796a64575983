import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";

/** A request as it arrived. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly token: string;
  readonly contentType: string;
  readonly body: unknown;
}

/** What to answer; `hang` leaves the request open, `cut` breaks the connection. */
export type Reply =
  | { readonly status?: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> }
  | "hang"
  | "cut";

export interface StubApiServer {
  readonly url: string;
  readonly asked: readonly Asked[];
  stop(): Promise<void>;
}

/** An HTTP server on the loopback address that answers as `reply` says and remembers what it was asked. */
export async function startStubApiServer(reply: (asked: Asked) => Reply): Promise<StubApiServer> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    void readRequest(request).then((one) => {
      asked.push(one);
      send(response, reply(one));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

/** A `Status` body as the API server writes it. */
export function statusBody(code: number, message: string, details: object = {}, reason = "") {
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, reason, details, code };
}

async function readRequest(request: IncomingMessage): Promise<Asked> {
  const url = new URL(request.url ?? "/", "http://stub");
  const body = await text(request);
  return {
    method: request.method ?? "",
    path: url.pathname,
    query: url.searchParams,
    token: (request.headers.authorization ?? "").replace("Bearer ", ""),
    contentType: request.headers["content-type"] ?? "",
    body: body === "" ? undefined : JSON.parse(body),
  };
}

function send(response: ServerResponse, reply: Reply): void {
  if (reply === "hang") return;
  if (reply === "cut") {
    response.socket?.destroy();
    return;
  }
  const { status = 200, body, headers } = reply;
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(body === undefined ? "" : JSON.stringify(body));
}

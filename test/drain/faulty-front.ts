import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream/promises";
import { Agent, request } from "undici";

import type { ControlPlane } from "../lab/control-plane.js";

/** An API server's front door that can be told to fail. */
export interface FaultyFront extends AsyncDisposable {
  readonly url: string;
  /** The next `times` GETs of a path that contains `path` are answered 500 and never reach the server. */
  failNext(path: string, times: number): void;
  /** Requests answered 500 so far. */
  failed(): number;
}

/** Starts one on the loopback address. It speaks plain HTTP and passes everything else on as it is. */
export async function startFaultyFront({ endpoint, caPem }: ControlPlane): Promise<FaultyFront> {
  const agent = new Agent({ connect: { ca: caPem } });
  let fault = { path: "", left: 0 };
  let failed = 0;
  const server = createServer((incoming, outgoing) => {
    if (fault.left > 0 && incoming.method === "GET" && incoming.url?.includes(fault.path) === true) {
      fault = { ...fault, left: fault.left - 1 };
      failed += 1;
      outgoing.writeHead(500).end("etcdserver: leader changed");
      return;
    }
    passOn(incoming, outgoing, endpoint, agent).catch(() => outgoing.destroy());
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    failNext: (path, times) => void (fault = { path, left: times }),
    failed: () => failed,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await agent.destroy();
    },
  };
}

async function passOn(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  endpoint: string,
  dispatcher: Agent,
): Promise<void> {
  const { authorization = "", accept = "*/*", "content-type": contentType } = incoming.headers;
  const { statusCode, headers, body } = await request(endpoint + (incoming.url ?? ""), {
    dispatcher,
    method: incoming.method as "GET" | "POST" | "PATCH" | "DELETE",
    headers: { authorization, accept, ...(contentType === undefined ? {} : { "content-type": contentType }) },
    body: incoming.method === "GET" ? null : incoming,
  });
  outgoing.writeHead(statusCode, headers);
  await pipeline(body, outgoing);
}

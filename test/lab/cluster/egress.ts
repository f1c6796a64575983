import { createServer } from "node:http";
import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";

/** Where a connection that the API server wants to make "into the cluster" really goes. */
export type EgressRoute = "refuse" | "hang" | { readonly port: number };

/** Steers what the API server dials: webhook Services, aggregated APIs, kubelets. */
export interface Egress {
  /**
   * Sends `hostAndPort`, such as `10.0.0.7:443` or `guard.default.svc:443`, to a port of 127.0.0.1, lets it hang
   * or refuses it. A pattern is tried in the order in which it was set; setting it again replaces it.
   */
  route(hostAndPort: string | RegExp, to: EgressRoute): void;
  /** Every address asked for since the start, refused ones included. */
  readonly asked: readonly string[];
  /** Cuts the connections that are open, as a backend that dies does: the API server reuses them otherwise. */
  dropConnections(): void;
  close(): void;
}

/**
 * Starts the CONNECT proxy on a Unix socket that the API server's egress selector names.
 * It refuses by default. Without it the API server would dial ClusterIPs and pod IPs through the computer's
 * own default route as soon as a webhook or an aggregated API names a Service (lab facts §3).
 */
export function startEgress(socketPath: string): Promise<Egress> {
  const routes = new Map<string, { readonly matches: (address: string) => boolean; readonly to: EgressRoute }>();
  const asked: string[] = [];
  const open = new Set<Duplex>();
  const server = createServer().on("connect", (request, client: Duplex) => {
    const address = request.url ?? "";
    asked.push(address);
    open.add(client);
    client.on("close", () => open.delete(client)).on("error", () => undefined);
    const route = [...routes.values()].find(({ matches }) => matches(address));
    join(client, route?.to ?? "refuse");
  });
  const egress: Egress = {
    asked,
    route: (pattern, to) => void routes.set(String(pattern), { matches: matcher(pattern), to }),
    dropConnections: () => open.forEach((socket) => socket.destroy()),
    close: () => {
      egress.dropConnections();
      server.close();
    },
  };
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(socketPath, () => resolve(egress));
    server.unref();
  });
}

const matcher = (pattern: string | RegExp): ((address: string) => boolean) =>
  typeof pattern === "string" ? (address) => address === pattern : (address) => pattern.test(address);

function join(client: Duplex, to: EgressRoute): void {
  if (to === "hang") return;
  if (to === "refuse") {
    client.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
    return;
  }
  const backend: Socket = connect(to.port, "127.0.0.1", () => {
    client.write("HTTP/1.1 200 OK\r\n\r\n");
    backend.pipe(client).pipe(backend);
  });
  backend.on("error", () => client.destroy());
  client.on("close", () => backend.destroy());
}

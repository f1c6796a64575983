import assert from "node:assert/strict";
import { once } from "node:events";
import type { IncomingMessage, RequestListener } from "node:http";
import { createServer, type Server } from "node:https";
import { createServer as createTcpServer, type Server as TcpServer } from "node:net";
import { text } from "node:stream/consumers";

import { createRelayHandler } from "../../runtime/lambda/relay-handler.js";
import type { RelayAnswer, RelayEvent } from "../../runtime/ports/index.js";
import { createCertificateAuthority, type CertificateAuthority } from "../lab/pki.js";

const SECRET = "k8s-aws-v1.c2VjcmV0";

describe("a relay function", () => {
  let authority: CertificateAuthority;
  let server: Server;
  let endpoint: string;
  let asked: IncomingMessage[];
  let connections: number;
  let answer: RequestListener;
  let logged: string[];

  before(async () => {
    authority = await createCertificateAuthority("the cluster's CA");
    const { certificatePem, privateKeyPem } = await authority.issueServer("kube-apiserver");
    server = createServer({ cert: certificatePem, key: privateKeyPem }, (request, response) => {
      asked.push(request);
      answer(request, response);
    });
    server.on("secureConnection", () => connections++);
    endpoint = `https://localhost:${await listen(server)}`;
  });
  beforeEach(() => {
    asked = [];
    logged = [];
    connections = 0;
    answer = (request, response) =>
      void text(request).then((body) => response.writeHead(201, { "retry-after": "7" }).end(`got ${body}`));
  });
  after(() => {
    server.close();
    server.closeAllConnections();
  });

  const eventOf = (changes: Partial<RelayEvent> = {}): RelayEvent => ({
    endpoint,
    certificateAuthority: authority.certificatePem,
    method: "POST",
    path: "/api/v1/namespaces/shop/pods/web-1/eviction?dryRun=All",
    headers: { Authorization: `Bearer ${SECRET}`, Accept: "application/json" },
    body: '{"kind":"Eviction"}',
    ...changes,
  });

  /** Calls a function that may talk to this computer; events come as JSON. */
  function call(
    event: unknown,
    { remainingMs = 30_000, hostSuffix = "localhost", answerLimitBytes = 4_000 } = {},
  ): Promise<RelayAnswer> {
    const handle = createRelayHandler({ hostSuffix, answerLimitBytes, log: (line) => void logged.push(line) });
    return handle(JSON.parse(JSON.stringify(event)), { getRemainingTimeInMillis: () => remainingMs });
  }

  async function refusedFor(event: unknown, options?: Parameters<typeof call>[1]): Promise<string> {
    const given = await call(event, options);
    assert.ok("error" in given, JSON.stringify(given));
    return given.error.code;
  }

  it("hands on a request and its answer, whatever the status", async () => {
    const given = await call(eventOf());
    assert.ok(!("error" in given));
    assert.deepEqual([given.status, given.body, given.headers["retry-after"]], [201, 'got {"kind":"Eviction"}', "7"]);
    const [request] = asked;
    assert.deepEqual(
      [request?.method, request?.url],
      ["POST", "/api/v1/namespaces/shop/pods/web-1/eviction?dryRun=All"],
    );
    assert.equal(request?.headers.authorization, `Bearer ${SECRET}`);
    assert.deepEqual(logged, []);
  });

  it("keeps the bodies of requests apart on one connection, also where Node gives them no length", async () => {
    for (let round = 0; round < 3; round += 1) {
      const given = await call(eventOf({ method: "DELETE", body: '{"preconditions":{}}' }));
      assert.equal("error" in given ? given.error.code : given.body, 'got {"preconditions":{}}');
    }
    assert.ok(connections <= 1, `${connections} connections`);
  });

  it("impersonates nobody, and lets no header through that it does not know", async () => {
    await call(
      eventOf({ headers: { "Impersonate-User": "admin", "Content-Type": "application/json", Upgrade: "SPDY" } }),
    );
    assert.deepEqual(
      [asked[0]?.headers["impersonate-user"], asked[0]?.headers.upgrade, asked[0]?.headers["content-type"]],
      [undefined, undefined, "application/json"],
    );
  });

  it("talks to no foreign host, by whatever way it is named", async () => {
    const foreign: readonly Partial<RelayEvent>[] = [
      { endpoint: "https://169.254.169.254" },
      { endpoint: "https://sts.eu-west-1.amazonaws.com" },
      { endpoint: "https://a.eu-west-1.eks.amazonaws.com.evil.example" },
      { endpoint: "http://a.eu-west-1.eks.amazonaws.com" },
      { endpoint: "https://a.eu-west-1.eks.amazonaws.com@evil.example" },
      { endpoint: "https://a.eu-west-1.eks.amazonaws.com", path: "//evil.example/api" },
      { endpoint: "https://a.eu-west-1.eks.amazonaws.com", path: "https://evil.example/api" },
      { endpoint: "nonsense" },
    ];
    for (const changes of foreign) {
      assert.equal(await refusedFor(eventOf(changes), { hostSuffix: ".eks.amazonaws.com" }), "host-refused");
    }
  });

  it("talks to no server that the cluster's authority did not sign", async () => {
    const { certificatePem } = await createCertificateAuthority("another CA");
    assert.match(await refusedFor(eventOf({ certificateAuthority: certificatePem })), /CERT|SIGNATURE|VERIFY/);
    assert.deepEqual(asked, []);
  });

  it("gives back the code of a connection that was refused or cut", async () => {
    assert.equal(await refusedFor(eventOf({ endpoint: "https://localhost:1" })), "ECONNREFUSED");
    answer = (request) => void request.socket.destroy();
    assert.equal(await refusedFor(eventOf()), "ECONNRESET");
  });

  it("refuses an answer that is too large for Lambda, as it comes or once it is JSON", async () => {
    answer = (_request, response) => void response.end("x".repeat(100_000));
    assert.equal(await refusedFor(eventOf()), "too-large");
    answer = (_request, response) => void response.end('"'.repeat(2_500));
    assert.equal(await refusedFor(eventOf()), "too-large");
    answer = (_request, response) => void response.end("x".repeat(2_500));
    assert.ok("status" in (await call(eventOf())));
  });

  it("gives up while the function can still say so, before the answer and in the middle of it", async () => {
    answer = () => undefined;
    assert.equal(await refusedFor(eventOf(), { remainingMs: 1_200 }), "timed-out");
    answer = (_request, response) => void response.write("x");
    assert.equal(await refusedFor(eventOf(), { remainingMs: 1_500 }), "timed-out");
  });

  it("tells a server that never shakes hands from one that thinks", async function () {
    this.timeout(30_000);
    const silent = createTcpServer(() => undefined);
    const silentEndpoint = `https://localhost:${await listen(silent)}`;
    try {
      assert.equal(await refusedFor(eventOf({ endpoint: silentEndpoint })), "ETIMEDOUT");
    } finally {
      silent.close();
    }
  });

  it("refuses what is no request", async () => {
    const { body: _body, ...bodiless } = eventOf();
    const wrong = [{ headers: { a: 1 } }, { method: 1 }, { method: "CONNECT" }].map((part) => ({
      ...eventOf(),
      ...part,
    }));
    for (const event of [null, "x", {}, bodiless, ...wrong]) {
      assert.equal(await refusedFor(event), "bad-request");
    }
  });

  it("writes no token and no body into its log", async () => {
    answer = (request) => void request.socket.destroy();
    for (const event of [eventOf(), eventOf({ endpoint: "https://evil.example" }), { ...eventOf(), method: 1 }]) {
      await refusedFor(event);
    }
    assert.equal(logged.length, 3);
    assert.doesNotMatch(logged.join("\n"), /k8s-aws|Eviction/);
  });
});

async function listen(server: TcpServer): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as { port: number }).port;
}

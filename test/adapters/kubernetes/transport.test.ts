import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:https";
import { CoreV1Api } from "@kubernetes/client-node";
import { classifyFault } from "../../../runtime/adapters/kubernetes/fault.js";
import { createTransport, type Transport } from "../../../runtime/adapters/kubernetes/transport.js";
import { createCertificateAuthority, type CertificateAuthority } from "../../lab/pki.js";

describe("the connection to an API server", () => {
  let authority: CertificateAuthority;
  let server: Server;
  let url: string;
  let connections: number;
  let transport: Transport | undefined;

  before(async () => {
    authority = await createCertificateAuthority("the cluster's CA");
    const { certificatePem, privateKeyPem } = await authority.issueServer("kube-apiserver");
    server = createServer({ cert: certificatePem, key: privateKeyPem }, (_request, response) => {
      response.setHeader("content-type", "application/json").end(JSON.stringify({ metadata: { name: "n1" } }));
    });
    server.on("secureConnection", () => connections++);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    url = `https://127.0.0.1:${(server.address() as { port: number }).port}`;
  });

  beforeEach(() => {
    connections = 0;
  });

  afterEach(() => transport?.close());

  after(() => {
    server.close();
    server.closeAllConnections();
  });

  function open(certificateAuthority: string): CoreV1Api {
    transport = createTransport({
      server: url,
      certificateAuthority,
      token: () => Promise.resolve("t"),
      requestTimeoutMs: 5000,
    });
    return new CoreV1Api(transport.configuration);
  }

  it("keeps its TLS connections from request to request", async () => {
    const core = open(authority.certificatePem);
    for (let i = 0; i < 20; i++) await core.readNode({ name: "n1" });
    assert.ok(connections <= 2, `${connections} connections`);
  });

  it("refuses a server that the cluster's CA did not sign", async () => {
    const core = open((await createCertificateAuthority("another CA")).certificatePem);
    const error: unknown = await core.readNode({ name: "n1" }).catch((thrown: unknown) => thrown);
    assert.equal(classifyFault(error)?.kind, "unconnected");
  });
});

import assert from "node:assert/strict";

import { reachKubernetes } from "../../runtime/compose-reach.js";
import type { ClusterAccess, Kubernetes } from "../../runtime/ports/index.js";
import { startStubApiServer, type StubApiServer } from "../adapters/kubernetes/stub-api-server.js";
import { eksError, startStubAws, type AwsReply, type StubAws } from "../adapters/aws/stub-aws.js";
import { fakeClock } from "../fakes/fake-clock.js";

const NO_RELAY = eksError(404, "ResourceNotFoundException", "Function not found");
const EMPTY_LIST = { status: 200, headers: { "content-type": "application/json" }, body: '{"items":[]}' };
const INVOKED = "POST /2015-03-31/functions/curfew-relay-pay/invocations";

describe("the way to a cluster", () => {
  let aws: StubAws;
  let api: StubApiServer;
  let kubernetes: Kubernetes | undefined;

  async function reach(access: ClusterAccess, hasPublicEndpoint: boolean, lambda: AwsReply): Promise<Kubernetes> {
    aws = await startStubAws(() => lambda);
    api = await startStubApiServer(() => ({ body: { items: [] } }));
    kubernetes = await reachKubernetes({
      identity: { account: "222222222222", region: "eu-west-1", name: "pay" },
      access,
      facts: { endpoint: api.url, certificateAuthority: "", hasPublicEndpoint },
      credentials: () => Promise.resolve({ accessKeyId: "AKIASPOKE", secretAccessKey: "s" }),
      token: () => Promise.resolve("t"),
      clock: fakeClock(),
      options: undefined,
    });
    return kubernetes;
  }

  /** Which of the two servers were asked, in their turn. */
  const asked = () => [aws.asked.map(({ action }) => action), api.asked.map(({ path }) => path)];

  afterEach(async () => {
    await kubernetes?.close();
    await aws.stop();
    await api.stop();
  });

  it("is straight to a public endpoint", async () => {
    await (await reach({}, true, NO_RELAY)).listNodes();
    assert.deepEqual(asked(), [[], ["/api/v1/nodes"]]);
  });

  it("is the relay of a private one", async () => {
    await (await reach({}, false, { body: EMPTY_LIST })).listNodes();
    assert.deepEqual(asked(), [[INVOKED], []]);
  });

  it("is straight to a private one without a relay, which is asked for once", async () => {
    const cluster = await reach({}, false, NO_RELAY);
    await cluster.listNodes();
    await cluster.listBudgets();
    assert.deepEqual(asked(), [[INVOKED], ["/api/v1/nodes", "/apis/policy/v1/poddisruptionbudgets"]]);
  });

  it("is the relay and nothing else where that is declared", async () => {
    const cluster = await reach({ reach: "spoke-resident" }, true, NO_RELAY);
    await assert.rejects(cluster.listNodes(), { code: "endpoint-unreachable", remedy: /PrivateDrain/ });
    assert.deepEqual(asked(), [[INVOKED], []]);
  });

  it("is none where that is declared", async () => {
    await assert.rejects(reach({ reach: "api-only" }, true, NO_RELAY), { code: "endpoint-unreachable" });
    assert.deepEqual(asked(), [[], []]);
  });
});

import assert from "node:assert/strict";

import { openRelay } from "../../../runtime/adapters/lambda/invoke-relay.js";
import type { ApiExchange } from "../../../runtime/ports/index.js";
import { eksError, startStubAws, type AwsReply, type StubAws } from "../aws/stub-aws.js";

const CLUSTER = { account: "222222222222", region: "eu-west-1", name: "pay" };
const ROLE = "arn:aws:iam::222222222222:role/curfew-spoke";
const REQUEST = { method: "GET", path: "/version", headers: { Authorization: "Bearer t" }, body: null };

describe("a call of the relay function", () => {
  let aws: StubAws | undefined;
  let relay: ApiExchange | undefined;

  afterEach(async () => {
    await relay?.close();
    await relay?.close(); // twice is safe
    await aws?.stop();
  });

  async function send(reply: AwsReply, signal = new AbortController().signal): Promise<unknown> {
    aws = await startStubAws(() => reply);
    relay = openRelay({
      cluster: CLUSTER,
      principal: ROLE,
      credentials: { accessKeyId: "AKIASPOKE", secretAccessKey: "s" },
      endpoint: "https://a.eu-west-1.eks.amazonaws.com",
      certificateAuthority: "PEM",
    });
    return relay.send(REQUEST, signal);
  }

  it("is made by the spoke role in the cluster's Region", async () => {
    const answer = { status: 200, headers: {}, body: "{}" };
    assert.deepEqual(await send({ body: answer }), answer);
    const [asked] = aws?.asked ?? [];
    assert.equal(asked?.action, "POST /2015-03-31/functions/curfew-relay-pay/invocations");
    assert.equal(asked.accessKeyId, "AKIASPOKE");
    assert.match(asked.credentialScope, /\/eu-west-1\/lambda\//);
    assert.deepEqual([asked.body["path"], asked.body["certificateAuthority"]], ["/version", "PEM"]);
  });

  it("says what is missing where there is no relay", async () => {
    await assert.rejects(send(eksError(404, "ResourceNotFoundException", "Function not found")), {
      code: "endpoint-unreachable",
      message: /no relay function curfew-relay-pay in eu-west-1/,
      remedy: /PrivateDrain/,
    });
  });

  it("says whom to allow what where the role may not", async () => {
    await assert.rejects(send(eksError(403, "AccessDeniedException", "not authorized")), {
      code: "permission-denied",
      message: /curfew-spoke may not lambda:InvokeFunction/,
      remedy: /privateDrain: true/,
    });
  });

  it("counts as a cut connection when Lambda throttles it or the function dies", async () => {
    await assert.rejects(send(eksError(429, "TooManyRequestsException", "Rate exceeded")), {
      code: "ECONNRESET",
      message: /TooManyRequestsException/,
    });
    await aws?.stop();
    const died = { errorType: "Sandbox.Timedout", errorMessage: "Task timed out after 35 seconds" };
    await assert.rejects(send({ body: died, headers: { "x-amz-function-error": "Unhandled" } }), {
      code: "ECONNRESET",
      message: /curfew-relay-pay failed: Sandbox.Timedout/,
    });
  });

  it("ends with the request that it was made for", async () => {
    await assert.rejects(send({ body: {} }, AbortSignal.abort()), { name: "AbortError" });
  });
});

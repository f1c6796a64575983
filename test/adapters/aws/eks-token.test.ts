import assert from "node:assert/strict";
import { createEksTokens } from "../../../runtime/adapters/aws/eks-token.js";

const MINUTE_MS = 60_000;
const START = Date.parse("2026-01-05T19:00:00Z");
const PERMANENT_KEYS = { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "secret" };

function tokens(cluster = "payments", region = "eu-west-1", credentials: object = PERMANENT_KEYS) {
  let now = START;
  let asked = 0;
  const provide = () => {
    asked++;
    return Promise.resolve({ ...PERMANENT_KEYS, ...credentials });
  };
  const clock = { now: () => now, sleep: () => Promise.resolve() };
  return {
    token: createEksTokens({ cluster, region, credentials: provide, clock }),
    afterMs: (ms: number) => (now = START + ms),
    credentialsAsked: () => asked,
  };
}

function signedUrl(token: string): URL {
  return new URL(Buffer.from(token.replace("k8s-aws-v1.", ""), "base64url").toString());
}

describe("an EKS token", () => {
  it("is a presigned GetCallerIdentity that names the cluster", async () => {
    const token = await tokens().token();
    const url = signedUrl(token);
    assert.match(token, /^k8s-aws-v1\.[\w-]+$/);
    assert.equal(url.origin, "https://sts.eu-west-1.amazonaws.com");
    assert.equal(url.searchParams.get("Action"), "GetCallerIdentity");
    assert.equal(url.searchParams.get("X-Amz-SignedHeaders"), "host;x-k8s-aws-id");
    assert.equal(url.searchParams.get("X-Amz-Expires"), "60");
    assert.equal(url.searchParams.get("X-Amz-Date"), "20260105T190000Z");
    assert.doesNotMatch(url.href, /secret/);
  });

  it("is bound to its cluster by the signature", async () => {
    const signature = async (cluster: string) =>
      signedUrl(await tokens(cluster).token()).searchParams.get("X-Amz-Signature");
    assert.notEqual(await signature("payments"), await signature("billing"));
  });

  it("is signed for STS's host in China", async () => {
    assert.equal(signedUrl(await tokens("p", "cn-north-1").token()).hostname, "sts.cn-north-1.amazonaws.com.cn");
  });

  it("is signed for the real STS even when an emulator's address is set", async () => {
    process.env["AWS_ENDPOINT_URL"] = "http://127.0.0.1:1";
    try {
      assert.equal(signedUrl(await tokens().token()).hostname, "sts.eu-west-1.amazonaws.com");
    } finally {
      delete process.env["AWS_ENDPOINT_URL"];
    }
  });

  it("carries a session token, escaped as it was signed", async () => {
    const { token } = tokens("p", "eu-west-1", { sessionToken: "a+b/c=(d)" });
    assert.equal(signedUrl(await token()).searchParams.get("X-Amz-Security-Token"), "a+b/c=(d)");
  });

  it("is kept for 14 of its 15 minutes (aws.md §7)", async () => {
    const { token, afterMs } = tokens();
    const first = await token();
    afterMs(14 * MINUTE_MS - 1);
    assert.equal(await token(), first);
    afterMs(14 * MINUTE_MS);
    assert.notEqual(await token(), first);
  });

  it("is not kept beyond the credentials that signed it", async () => {
    const { token, afterMs, credentialsAsked } = tokens("p", "eu-west-1", {
      expiration: new Date(START + 5 * MINUTE_MS),
    });
    await token();
    afterMs(3 * MINUTE_MS);
    await token();
    assert.equal(credentialsAsked(), 1);
    afterMs(4 * MINUTE_MS);
    await token();
    assert.equal(credentialsAsked(), 2);
  });

  it("is signed anew when the API server rejected it, and only that one", async () => {
    const { token, afterMs } = tokens();
    const first = await token();
    afterMs(1000);
    const second = await token(first);
    assert.notEqual(second, first);
    assert.equal(await token(first), second);
  });
});

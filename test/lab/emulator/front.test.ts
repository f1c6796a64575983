import assert from "node:assert/strict";
import { parseAwsRequest } from "./aws-request.js";
import { answerOf, createFaults } from "./faults.js";

const AUTHORIZATION =
  "AWS4-HMAC-SHA256 Credential=ASIAEXAMPLE/20261121/eu-west-1/eks/aws4_request, SignedHeaders=host, Signature=00";

const request = (method: string, url: string, body = "") =>
  parseAwsRequest({ method, url, headers: { authorization: AUTHORIZATION }, body });

describe("the lab's AWS endpoint", () => {
  it("reads who calls which service from the signature", () => {
    const { accessKeyId, region, service } = request("GET", "/clusters");
    assert.deepEqual(
      { accessKeyId, region, service },
      { accessKeyId: "ASIAEXAMPLE", region: "eu-west-1", service: "eks" },
    );
  });

  it("knows EKS operations by their paths and Query operations by their parameter", () => {
    assert.equal(
      request("POST", "/clusters/pay/node-groups/general/update-config", "{}").action,
      "UpdateNodegroupConfig",
    );
    assert.equal(request("GET", "/clusters/pay/node-groups?maxResults=100").action, "ListNodegroups");
    assert.equal(request("GET", "/clusters/pay/updates/u-1?nodegroupName=general").action, "DescribeUpdate");
    assert.equal(request("POST", "/", "Action=AssumeRole&Version=2011-06-15").action, "AssumeRole");
    assert.equal(request("GET", "/something/else").action, "GET /something/else");
  });

  it("hits only the calls that a fault names, as often as it says", () => {
    const faults = createFaults();
    faults.add({ service: "eks", action: "ListNodegroups", account: "111111111111", times: 1, kind: "throttle" });
    const call = request("GET", "/clusters/pay/node-groups");
    assert.equal(faults.take(call, "222222222222"), undefined);
    assert.equal(faults.take(request("GET", "/clusters/pay"), "111111111111"), undefined);
    assert.equal(faults.take(call, "111111111111")?.kind, "throttle");
    assert.equal(faults.take(call, "111111111111"), undefined);
  });

  it("keeps a fault without a number until it is cleared", () => {
    const faults = createFaults();
    faults.add({ kind: "unavailable" });
    const call = request("GET", "/clusters");
    assert.equal(faults.take(call, "")?.kind, "unavailable");
    assert.equal(faults.take(call, "")?.kind, "unavailable");
    faults.clear();
    assert.equal(faults.take(call, ""), undefined);
  });

  it("speaks each service's own dialect of errors", () => {
    const error = { kind: "error", code: "AccessDenied", message: "no", status: 403 } as const;
    assert.equal(answerOf(error, "eks")?.headers["x-amzn-errortype"], "AccessDenied");
    assert.match(answerOf(error, "sts")?.body ?? "", /^<ErrorResponse>.*<Code>AccessDenied<\/Code>/);
    assert.match(answerOf(error, "ec2")?.body ?? "", /^<Response><Errors>.*<Code>AccessDenied<\/Code>/);
    assert.match(answerOf({ kind: "throttle" }, "ec2")?.body ?? "", /RequestLimitExceeded/);
    assert.equal(answerOf({ kind: "latency", ms: 1 }, "eks"), undefined);
  });
});

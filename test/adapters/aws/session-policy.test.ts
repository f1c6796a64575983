import assert from "node:assert/strict";

import { sessionPolicy } from "../../../runtime/adapters/aws/session-policy.js";

describe("the policy of a session for one cluster", () => {
  const policyOf = (name: string) => sessionPolicy({ account: "111111111111", region: "eu-west-1", name });

  it("reaches through no relay but the cluster's own", () => {
    const { Statement } = JSON.parse(policyOf("pay")) as { Statement: { Action: string[]; Resource: string[] }[] };
    const onLambda = Statement.filter(({ Action }) => Action.some((action) => action.startsWith("lambda:")));
    assert.deepEqual(onLambda, [
      {
        Effect: "Allow",
        Action: ["lambda:InvokeFunction"],
        Resource: ["arn:aws:lambda:eu-west-1:111111111111:function:curfew-relay-pay"],
      },
    ]);
  });

  it("fits into what STS takes, also for the longest name", () => {
    assert.ok(policyOf("c".repeat(100)).length <= 2_048);
  });
});

import assert from "node:assert/strict";

import { openSfnCampaigns } from "../../runtime/adapters/sfn/campaigns.js";
import { isFailure } from "../../runtime/ports/index.js";
import { startStubAws, type AwsAsked, type AwsReply, type StubAws } from "../adapters/aws/stub-aws.js";
import { describeCampaigns } from "./campaigns.js";

const ARN = "arn:aws-eusc:states:eu-west-1:111111111111:stateMachine:curfew-campaigns";
const CALLER = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
  <Arn>arn:aws-eusc:iam::111111111111:user/ana</Arn><Account>111111111111</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>`;

/** Step Functions with one state machine, answering as its API reference has it. */
function modelledSfn() {
  const runs = new Map<unknown, Readonly<Record<string, unknown>>>();

  function reply({ action, body }: AwsAsked): AwsReply {
    switch (action) {
      case "GetCallerIdentity":
        return { body: CALLER };
      case "StartExecution": {
        if (body["stateMachineArn"] !== ARN) return refusal("StateMachineDoesNotExist");
        const executionArn = `${ARN.replace("stateMachine", "execution")}:${runs.size + 1}`;
        runs.set(executionArn, { executionArn, stateMachineArn: ARN, input: body["input"], status: "RUNNING" });
        return { body: { executionArn, startDate: 1_767_640_000 } };
      }
      case "DescribeExecution": {
        const run = runs.get(body["executionArn"]);
        return run === undefined ? refusal("ExecutionDoesNotExist") : { body: run };
      }
      default:
        throw new Error(`nobody should ask for ${action}`);
    }
  }

  const end = (id: string, at: number, how: object) => {
    runs.set(id, { ...runs.get(id), stopDate: at / 1000, ...how });
  };
  return { reply, end };
}

const refusal = (name: string): AwsReply => ({
  status: 400,
  body: { __type: `com.amazonaws.sfn#${name}`, message: "no such thing." },
});

describe("Step Functions adapter of campaigns", () => {
  let reply: (asked: AwsAsked) => AwsReply = () => refusal("none");
  let aws: StubAws;
  const opened: { close(): void }[] = [];

  before(async () => void (aws = await startStubAws((asked) => reply(asked))));
  afterEach(() => opened.splice(0).forEach((each) => each.close()));
  after(() => aws.stop());

  function open(answer: (asked: AwsAsked) => AwsReply) {
    reply = answer;
    const campaigns = openSfnCampaigns("eu-west-1");
    opened.push(campaigns);
    return campaigns;
  }

  for (const [by, machine, missing] of [
    ["name", "curfew-campaigns", "other-campaigns"],
    ["ARN", ARN, ARN.replace("curfew", "other")],
  ] as const) {
    describeCampaigns(`Step Functions, by ${by}`, () => {
      const sfn = modelledSfn();
      return {
        ...{ campaigns: open(sfn.reply), machine, missing },
        succeed: (id, at) => sfn.end(id, at, { status: "SUCCEEDED" }),
        fail: (id, at) => sfn.end(id, at, { status: "FAILED", error: "timed-out", cause: "late" }),
      };
    });
  }

  const statuses = [
    ["TIMED_OUT", "failed"],
    ["ABORTED", "stopped"],
    ["PENDING_REDRIVE", "running"],
  ] as const;
  for (const [status, meaning] of statuses) {
    it(`takes ${status} for ${meaning}`, async () => {
      const run = { executionArn: "e", stateMachineArn: ARN, status, input: "{}" };
      assert.equal((await open(() => ({ body: run })).read("e")).status, meaning);
    });
  }

  const faults: readonly [what: string, name: string, code: string][] = [
    ["too large an order", "InvalidExecutionInput", "config-invalid"],
    ["a lacking permission", "AccessDeniedException", "permission-denied"],
    ["an expired session", "ExpiredTokenException", "credentials-expired"],
    ["a fault of Step Functions", "ServiceUnavailable", "unavailable"],
  ];
  for (const [what, name, code] of faults) {
    it(`says ${code} for ${what}`, async () => {
      await assert.rejects(open(() => refusal(name)).read("e"), (error) => isFailure(error) && error.code === code);
    });
  }
});

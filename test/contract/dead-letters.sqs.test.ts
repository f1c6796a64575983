import assert from "node:assert/strict";

import { openSqsDeadLetters } from "../../runtime/adapters/sqs/dead-letters.js";
import { isFailure } from "../../runtime/ports/index.js";
import { startStubAws, type AwsAsked, type AwsReply, type StubAws } from "../adapters/aws/stub-aws.js";
import { describeDeadLetters } from "./dead-letters.js";

const URL_BASE = "https://sqs.eu-west-1.amazonaws.com/111111111111/";
const ARN_BASE = "arn:aws:sqs:eu-west-1:111111111111:";

/** SQS with two queues, answering as its API reference has it: the emulator knows no move tasks. */
function modelledSqs() {
  const counts = new Map([
    ["work-0-dead", 3],
    ["work-1-dead", 0],
  ]);
  let tasks: readonly { readonly Status: string }[] = [];

  function reply({ action, body }: AwsAsked): AwsReply {
    const place = String(body["QueueUrl"] ?? body["SourceArn"] ?? body["QueueName"]);
    const name = place.split(/[/:]/).at(-1) ?? "";
    const count = counts.get(name);
    if (count === undefined) return NO_QUEUE;
    switch (action) {
      case "GetQueueUrl":
        return { body: { QueueUrl: URL_BASE + name } };
      case "GetQueueAttributes":
        return { body: { Attributes: { QueueArn: ARN_BASE + name, ApproximateNumberOfMessages: String(count) } } };
      case "ListMessageMoveTasks":
        return { body: { Results: tasks.slice(0, Number(body["MaxResults"] ?? 1)) } };
      case "StartMessageMoveTask":
        if (tasks[0]?.Status === "RUNNING") return TASK_RUNS;
        tasks = [{ Status: "RUNNING" }, ...tasks];
        return { body: { TaskHandle: "eyJ0YXNrSWQiOiIxIn0=" } };
      default:
        throw new Error(`nobody should ask SQS for ${action}`);
    }
  }

  return {
    reply,
    setStatus: (Status: string) => void (tasks = [{ Status }, ...tasks.slice(1)]),
    empty: (name: string) => void counts.set(name, 0),
  };
}

const NO_QUEUE = sqsError("QueueDoesNotExist", "The specified queue does not exist.", "NonExistentQueue");
const TASK_RUNS = sqsError(
  "InvalidParameterValueException",
  "There is already a task running. Only one active task is allowed for a source queue arn at a given time.",
  "InvalidParameterValue",
);

function sqsError(type: string, message: string, queryCode: string): AwsReply {
  return {
    status: 400,
    body: { __type: `com.amazonaws.sqs#${type}`, message },
    headers: { "x-amzn-query-error": `AWS.SimpleQueueService.${queryCode};Sender` },
  };
}

describe("SQS adapter of dead letters", () => {
  let reply: (asked: AwsAsked) => AwsReply = () => NO_QUEUE;
  let aws: StubAws;
  const opened: { close(): void }[] = [];

  before(async () => void (aws = await startStubAws((asked) => reply(asked))));
  afterEach(() => opened.splice(0).forEach((each) => each.close()));
  after(() => aws.stop());

  function open(answer: (asked: AwsAsked) => AwsReply) {
    reply = answer;
    const deadLetters = openSqsDeadLetters("eu-west-1");
    opened.push(deadLetters);
    return deadLetters;
  }

  for (const [by, base] of [
    ["name", ""],
    ["URL", URL_BASE],
  ] as const) {
    describeDeadLetters(`SQS, by ${by}`, () => {
      const sqs = modelledSqs();
      return {
        deadLetters: open(sqs.reply),
        full: `${base}work-0-dead`,
        empty: `${base}work-1-dead`,
        missing: `${base}work-9-dead`,
        finishMove: () => {
          sqs.setStatus("COMPLETED");
          sqs.empty("work-0-dead");
        },
      };
    });
  }

  it("asks in the hub's Region, whatever this process's own is, and moves to nowhere but where it came from", async () => {
    const before = aws.asked.length;
    await open(modelledSqs().reply).redrive("work-0-dead");
    const asked = aws.asked.slice(before);
    assert.ok(asked.every(({ credentialScope }) => credentialScope.includes("/eu-west-1/sqs/")));
    const { action, body } = asked.at(-1) ?? {};
    assert.deepEqual([action, body], ["StartMessageMoveTask", { SourceArn: `${ARN_BASE}work-0-dead` }]);
  });

  it("leaves a move alone that is being cancelled, for it is not over", async () => {
    const sqs = modelledSqs();
    const deadLetters = open(sqs.reply);
    await deadLetters.redrive("work-0-dead");
    sqs.setStatus("CANCELLING");
    assert.equal(await deadLetters.redrive("work-0-dead"), "under-way");
  });

  const faults: readonly [what: string, answer: AwsReply, code: string][] = [
    ["a lacking permission", sqsError("AccessDeniedException", "not authorized", "AccessDenied"), "permission-denied"],
    ["an expired session", sqsError("ExpiredTokenException", "expired", "ExpiredToken"), "credentials-expired"],
    ["a queue that is nobody's dead letters", TASK_RUNS, "config-invalid"],
    ["a fault of SQS", { status: 500, body: { __type: "InternalError", message: "oops" } }, "unavailable"],
  ];
  for (const [what, answer, code] of faults) {
    it(`says ${code} for ${what}`, async () => {
      await assert.rejects(open(() => answer).count("work-0-dead"), (error) => isFailure(error) && error.code === code);
    });
  }
});

import assert from "node:assert/strict";
import { createAwsCapacity } from "../../../runtime/adapters/aws/capacity.js";
import { createAwsClients, type AwsClientCache } from "../../../runtime/adapters/aws/clients.js";
import { createSystemClock } from "../../../runtime/adapters/system/clock.js";
import { startStubAws, type AwsAsked, type AwsReply, type StubAws } from "./stub-aws.js";

const CLUSTER = { account: "111111111111", region: "eu-west-1", name: "payments" };

/** EC2 words its errors in a form of its own. */
function ec2Error(code: string, message: string): AwsReply {
  const error = `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status: 400, body: `<Response><Errors>${error}</Errors><RequestID>stub</RequestID></Response>` };
}

function instances(states: Readonly<Record<string, string>>): AwsReply {
  const items = Object.entries(states).map(
    ([id, state]) =>
      `<item><instanceId>${id}</instanceId><instanceState><code>0</code><name>${state}</name></instanceState></item>`,
  );
  const reservation = `<item><instancesSet>${items.join("")}</instancesSet></item>`;
  return {
    body: `<DescribeInstancesResponse><reservationSet>${reservation}</reservationSet></DescribeInstancesResponse>`,
  };
}

function idsIn({ body }: AwsAsked): readonly string[] {
  return Object.entries(body)
    .filter(([field]) => field.startsWith("InstanceId."))
    .map(([, id]) => String(id));
}

describe("what EC2 says of instances", () => {
  let aws: StubAws | undefined;
  let clients: AwsClientCache | undefined;

  async function start(reply: (asked: AwsAsked) => AwsReply) {
    aws = await startStubAws(reply);
    clients = createAwsClients({ clock: createSystemClock(), operationId: "op-1" });
    const capacity = createAwsCapacity({ identity: CLUSTER, access: {}, clients: clients.clientsFor(CLUSTER, {}) });
    return { aws, capacity };
  }

  afterEach(async () => {
    clients?.close();
    await aws?.stop();
    aws = clients = undefined;
  });

  it("takes the ids that EC2 says it does not know for terminated, and asks for the others again", async () => {
    const { capacity, aws } = await start((asked) =>
      idsIn(asked).includes("i-0b")
        ? ec2Error("InvalidInstanceID.NotFound", "The instance IDs 'i-0b, i-0d' do not exist")
        : instances({ "i-0a": "running", "i-0c": "stopped" }),
    );
    const states = await capacity.instanceStates(["i-0a", "i-0b", "i-0c", "i-0d"]);
    assert.deepEqual(Object.fromEntries(states), {
      "i-0a": "running",
      "i-0b": "terminated",
      "i-0c": "stopped",
      "i-0d": "terminated",
    });
    assert.deepEqual(aws.asked.map(idsIn), [
      ["i-0a", "i-0b", "i-0c", "i-0d"],
      ["i-0a", "i-0c"],
    ]);
  });

  it("takes no other refusal for a proof", async () => {
    for (const [code, expected] of [
      ["InvalidInstanceID.Malformed", /i-0a/],
      ["UnauthorizedOperation", /ec2:DescribeInstances/],
    ] as const) {
      const { capacity } = await start(() => ec2Error(code, "about 'i-0a'"));
      await assert.rejects(() => capacity.instanceStates(["i-0a"]), expected);
      clients?.close();
      await aws?.stop();
    }
    aws = clients = undefined;
  });

  it("takes silence about an id for no proof", async () => {
    const { capacity } = await start(() => instances({ "i-0a": "running" }));
    await assert.rejects(() => capacity.instanceStates(["i-0a", "i-0b"]), /said nothing of i-0b/);
  });

  it("asks for a hundred at a time", async () => {
    const { capacity, aws } = await start((asked) =>
      instances(Object.fromEntries(idsIn(asked).map((id) => [id, "terminated"]))),
    );
    const ids = Array.from({ length: 230 }, (_, index) => `i-${index.toString(16).padStart(4, "0")}`);
    const states = await capacity.instanceStates(ids);
    assert.deepEqual([...states.keys()], ids);
    assert.deepEqual(
      aws.asked.map((asked) => idsIn(asked).length),
      [100, 100, 30],
    );
  });
});

import assert from "node:assert/strict";
import { createAwsCapacity } from "../../../runtime/adapters/aws/capacity.js";
import { createAwsClients, type AwsClientCache } from "../../../runtime/adapters/aws/clients.js";
import { createSystemClock } from "../../../runtime/adapters/system/clock.js";
import type { NodeGroup, Pacer, PaceKey } from "../../../runtime/ports/index.js";
import {
  assumedRole,
  autoScalingGroups,
  eksError,
  startStubAws,
  type AwsAsked,
  type AwsReply,
  type StubAws,
} from "./stub-aws.js";
import { setEnvironment } from "./environment.js";

const CLUSTER = { account: "111111111111", region: "ap-southeast-2", name: "payments" };
const ROLE = { roleArn: "arn:aws:iam::111111111111:role/spoke" };
const GROUP: NodeGroup = {
  id: "managed/blue",
  kind: "managed",
  name: "blue",
  autoScalingGroup: "eks-blue",
  size: { min: 1, desired: 2, max: 3 },
  status: "ACTIVE",
  healthIssues: [],
  zones: [],
  observed: null,
};
const ASLEEP = { min: 0, desired: 0, max: 3 };

/** A pacer that lets all through and remembers what it was asked and told. */
function recordingPacer() {
  const admitted: string[] = [];
  const throttled: string[] = [];
  const words = ({ account, region, service, kind }: PaceKey) => `${account} ${region} ${service} ${kind}`;
  const pacer: Pacer = {
    admit: (key) => Promise.resolve(void admitted.push(words(key))),
    throttled: (key) => void throttled.push(words(key)),
  };
  return { pacer, admitted, throttled };
}

describe("paced clients", () => {
  let aws: StubAws | undefined;
  let cache: AwsClientCache | undefined;
  let restore: (() => void) | undefined;

  async function start(reply: (asked: AwsAsked) => AwsReply, pacer: Pacer, attempts = "1") {
    aws = await startStubAws(reply);
    restore = setEnvironment({ AWS_MAX_ATTEMPTS: attempts });
    cache = createAwsClients({ clock: createSystemClock(), operationId: "op", pacer });
    return createAwsCapacity({ identity: CLUSTER, access: ROLE, clients: cache.clientsFor(CLUSTER, ROLE) });
  }

  afterEach(async () => {
    cache?.close();
    restore?.();
    await aws?.stop();
    aws = cache = restore = undefined;
  });

  const role = () => assumedRole("ASIAROLE", new Date(Date.now() + 3_600_000));
  const updated: AwsReply = { body: { update: { id: "u-1", status: "InProgress" } } };

  it("charges every call to its account, Region and service, and AssumeRole to the caller", async () => {
    const { pacer, admitted, throttled } = recordingPacer();
    const capacity = await start(({ action }) => {
      if (action === "AssumeRole") return role();
      if (action === "DescribeAutoScalingGroups") return autoScalingGroups([]);
      return action.startsWith("POST") ? updated : { body: { nodegroups: [] } };
    }, pacer);
    await capacity.listGroups();
    await capacity.resize(GROUP, ASLEEP, "token");
    assert.deepEqual(admitted.toSorted(), [
      "111111111111 ap-southeast-2 autoscaling read",
      "111111111111 ap-southeast-2 eks read",
      "111111111111 ap-southeast-2 eks write",
      "caller ap-southeast-2 sts write",
    ]);
    assert.deepEqual(throttled, []);
  });

  it("waits before a retry as before the first attempt, and tells of the throttle", async () => {
    const { pacer, admitted, throttled } = recordingPacer();
    let asked = 0;
    const capacity = await start(
      ({ action }) => {
        if (action === "AssumeRole") return role();
        asked += 1;
        return asked === 1 ? eksError(429, "ThrottlingException", "Rate exceeded") : updated;
      },
      pacer,
      "2",
    );
    assert.equal((await capacity.resize(GROUP, ASLEEP, "token")).kind, "accepted");
    const writes = "111111111111 ap-southeast-2 eks write";
    assert.deepEqual(
      admitted.filter((key) => key === writes),
      [writes, writes],
    );
    assert.deepEqual(throttled, [writes]);
  });

  it("sees and retries the throttling that EKS hides in an invalid request (aws.md §2)", async () => {
    const { pacer, throttled } = recordingPacer();
    let asked = 0;
    const capacity = await start(
      ({ action }) => {
        if (action === "AssumeRole") return role();
        asked += 1;
        return asked === 1 ? eksError(400, "InvalidRequestException", "Request limit exceeded.") : updated;
      },
      pacer,
      "2",
    );
    assert.equal((await capacity.resize(GROUP, ASLEEP, "token")).kind, "accepted");
    assert.deepEqual(throttled, ["111111111111 ap-southeast-2 eks write"]);
  });

  it("does not take other refusals for throttles", async () => {
    const { pacer, throttled } = recordingPacer();
    const capacity = await start(
      ({ action }) => (action === "AssumeRole" ? role() : eksError(409, "ResourceInUseException", "in use")),
      pacer,
    );
    assert.equal((await capacity.resize(GROUP, ASLEEP, "token")).kind, "busy");
    assert.deepEqual(throttled, []);
  });

  it("sends nothing until its turn has come", async () => {
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const pacer: Pacer = {
      admit: ({ service }) => (service === "eks" ? gate : Promise.resolve()),
      throttled: () => undefined,
    };
    const capacity = await start(({ action }) => (action === "AssumeRole" ? role() : updated), pacer);
    const resized = capacity.resize(GROUP, ASLEEP, "token");
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(aws?.asked.length, 0);
    open();
    assert.equal((await resized).kind, "accepted");
    // The role was assumed after the wait, too: its session does not age in the queue.
    assert.deepEqual(
      aws.asked.map(({ action }) => action),
      ["AssumeRole", "POST /clusters/payments/node-groups/blue/update-config"],
    );
  });
});

import assert from "node:assert/strict";
import { createAwsCapacity } from "../../../runtime/adapters/aws/capacity.js";
import { createAwsClients, type AwsClientCache } from "../../../runtime/adapters/aws/clients.js";
import { memoizeCredentials, roleSessionName, type Credentials } from "../../../runtime/adapters/aws/credentials.js";
import { createSystemClock } from "../../../runtime/adapters/system/clock.js";
import {
  assumedRole,
  autoScalingGroups,
  queryError,
  startStubAws,
  type AwsAsked,
  type AwsReply,
  type StubAws,
} from "./stub-aws.js";

const CLUSTER = { account: "111111111111", region: "ap-southeast-2", name: "payments" };
const ROLE = { roleArn: "arn:aws:iam::111111111111:role/spoke", externalId: "tenant-7" };
const MINUTE_MS = 60_000;

describe("credentials of a spoke role", () => {
  let aws: StubAws | undefined;
  let cache: AwsClientCache | undefined;

  async function start(reply: (asked: AwsAsked) => AwsReply) {
    aws = await startStubAws(reply);
    cache = createAwsClients({ clock: createSystemClock(), operationId: "op/2026:1" });
    const capacityIn = (region: string) => {
      const identity = { ...CLUSTER, region };
      return createAwsCapacity({ identity, access: ROLE, clients: cache!.clientsFor(identity, ROLE) });
    };
    return { aws, cache, capacityIn };
  }

  afterEach(async () => {
    cache?.close();
    await aws?.stop();
    aws = cache = undefined;
  });

  const roleAnswers = ({ action }: AwsAsked): AwsReply => {
    if (action === "AssumeRole") return assumedRole("ASIAROLE", new Date(Date.now() + 3_600_000));
    if (action === "DescribeAutoScalingGroups") return autoScalingGroups([]);
    return { body: { nodegroups: [] } };
  };

  it("assumes the role once for all services, in the cluster's Region, under the operation's name", async () => {
    const { aws, capacityIn } = await start(roleAnswers);
    const capacity = capacityIn("ap-southeast-2");
    await Promise.all([capacity.listGroups(), capacity.listGroups()]);
    const assumed = aws.asked.filter(({ action }) => action === "AssumeRole");
    assert.equal(assumed.length, 1);
    assert.match(assumed[0]!.credentialScope, /\/ap-southeast-2\/sts\//);
    assert.equal(assumed[0]!.accessKeyId, "AKIACALLER");
    const { RoleArn, ExternalId, RoleSessionName, DurationSeconds } = assumed[0]!.body;
    assert.deepEqual(
      [RoleArn, ExternalId, RoleSessionName, DurationSeconds],
      [ROLE.roleArn, "tenant-7", "op-2026-1", "3600"],
    );
    const others = aws.asked.filter(({ action }) => action !== "AssumeRole");
    assert.deepEqual(new Set(others.map(({ accessKeyId }) => accessKeyId)), new Set(["ASIAROLE"]));
  });

  it("names the role that may not be assumed, and what to check", async () => {
    const { capacityIn } = await start(() =>
      queryError(403, "AccessDenied", "not authorized to perform: sts:AssumeRole"),
    );
    await assert.rejects(capacityIn("ap-southeast-2").describeCluster(), {
      code: "role-refused",
      message: /arn:aws:iam::111111111111:role\/spoke/,
      remedy: /trust policy.*external id tenant-7/,
    });
  });

  it("says when the caller's own credentials have expired", async () => {
    const { capacityIn } = await start(() =>
      queryError(403, "ExpiredToken", "The security token included in the request is expired"),
    );
    await assert.rejects(capacityIn("ap-southeast-2").describeCluster(), { code: "credentials-expired" });
  });

  it("says when the caller's own keys are unknown to AWS", async () => {
    const { capacityIn } = await start(() =>
      queryError(403, "InvalidClientTokenId", "The security token included in the request is invalid."),
    );
    await assert.rejects(capacityIn("ap-southeast-2").describeCluster(), { code: "credentials-missing" });
  });

  describe("for one operation on one cluster", () => {
    const OTHER = { ...CLUSTER, name: "search" };

    async function startScoped() {
      aws = await startStubAws(roleAnswers);
      cache = createAwsClients({ clock: createSystemClock(), operationId: "hub", sessionFor: "cluster" });
      return { aws, cache };
    }

    it("is named for the operation, and cannot touch another cluster", async () => {
      const { aws, cache } = await startScoped();
      await cache.clientsFor(CLUSTER, ROLE, "op-1").credentials();
      const { RoleSessionName, Policy } = aws.asked[0]!.body;
      assert.equal(RoleSessionName, "op-1");
      const policy = JSON.parse(String(Policy)) as { Statement: { Action: string[]; Resource: string[] }[] };
      const onEks = policy.Statement.filter(({ Action }) => Action.some((action) => action.startsWith("eks:")));
      assert.deepEqual(
        onEks.flatMap(({ Resource }) => Resource),
        [
          "arn:aws:eks:ap-southeast-2:111111111111:cluster/payments",
          "arn:aws:eks:ap-southeast-2:111111111111:nodegroup/payments/*",
          "arn:aws:eks:ap-southeast-2:111111111111:addon/payments/*",
        ],
      );
      assert.ok(String(Policy).length <= 2048);
    });

    it("is assumed once for all hops of the operation, and again for another operation or cluster", async () => {
      const { aws, cache } = await startScoped();
      for (const [cluster, operation] of [
        [CLUSTER, "op-1"],
        [CLUSTER, "op-1"],
        [OTHER, "op-1"],
        [CLUSTER, "op-2"],
      ] as const)
        await cache.clientsFor(cluster, ROLE, operation).credentials();
      assert.deepEqual(
        aws.asked.map(({ body }) => body["RoleSessionName"]),
        ["op-1", "op-1", "op-2"],
      );
    });
  });

  it("asks for the whole role where a session is for the account", async () => {
    const { aws, cache } = await start(roleAnswers);
    await cache.clientsFor(CLUSTER, ROLE, "op-1").credentials();
    await cache.clientsFor({ ...CLUSTER, name: "search" }, ROLE, "op-2").credentials();
    assert.equal(aws.asked.length, 1);
    assert.equal(aws.asked[0]!.body["Policy"], undefined);
  });

  it("gives the same clients for the same account, Region and role, and forgets the oldest account", async () => {
    const { cache } = await start(roleAnswers);
    const first = cache.clientsFor(CLUSTER, ROLE);
    assert.equal(cache.clientsFor({ ...CLUSTER, name: "other" }, ROLE), first);
    assert.notEqual(cache.clientsFor(CLUSTER, {}), first);
    assert.notEqual(cache.clientsFor({ ...CLUSTER, region: "us-east-1" }, ROLE), first);
    const small = createAwsClients({ clock: createSystemClock(), operationId: "op", maxAccounts: 2 });
    const [a, b, c] = ["1", "2", "3"].map((account) => ({ ...CLUSTER, account }));
    const [keptA, droppedB] = [small.clientsFor(a!, {}), small.clientsFor(b!, {})];
    small.clientsFor(a!, {});
    small.clientsFor(c!, {});
    assert.equal(small.clientsFor(a!, {}), keptA);
    assert.notEqual(small.clientsFor(b!, {}), droppedB);
    small.close();
  });
});

describe("remembered credentials", () => {
  function remembered(answers: (Credentials | Error)[]) {
    let now = 0;
    let loads = 0;
    const clock = { now: () => now, sleep: () => Promise.resolve() };
    const load = () => {
      loads++;
      const answer = answers.shift();
      return answer instanceof Error || !answer
        ? Promise.reject(answer ?? new Error("asked too often"))
        : Promise.resolve(answer);
    };
    return { provide: memoizeCredentials(load, clock), at: (ms: number) => (now = ms), loads: () => loads };
  }

  const keys = (accessKeyId: string, expiresAtMinute: number): Credentials => ({
    accessKeyId,
    secretAccessKey: "s",
    expiration: new Date(expiresAtMinute * MINUTE_MS),
  });

  it("are asked for once, however many wait, and renewed at 50 of 60 minutes", async () => {
    const { provide, at, loads } = remembered([keys("a", 60), keys("b", 110)]);
    assert.deepEqual(
      (await Promise.all([provide(), provide()])).map(({ accessKeyId }) => accessKeyId),
      ["a", "a"],
    );
    at(49 * MINUTE_MS);
    assert.equal((await provide()).accessKeyId, "a");
    at(50 * MINUTE_MS);
    assert.equal((await provide()).accessKeyId, "b");
    assert.equal(loads(), 2);
  });

  it("stay in use when the renewal fails, until they end", async () => {
    const { provide, at } = remembered([keys("a", 60), new Error("STS is down"), new Error("STS is down")]);
    await provide();
    at(55 * MINUTE_MS);
    assert.equal((await provide()).accessKeyId, "a");
    at(60 * MINUTE_MS);
    await assert.rejects(provide(), /STS is down/);
  });
});

describe("a role session's name", () => {
  it("keeps to STS's alphabet and length", () => {
    assert.equal(roleSessionName("run/2026-01-01T00:00Z#7"), "run-2026-01-01T00-00Z-7");
    assert.equal(roleSessionName("x".repeat(100)).length, 64);
    assert.equal(roleSessionName("x").length, 2);
  });
});

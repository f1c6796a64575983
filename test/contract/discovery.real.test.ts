import assert from "node:assert/strict";

import { DeleteClusterCommand } from "@aws-sdk/client-eks";

import { openAwsDiscovery } from "../../runtime/compose-discovery.js";
import { createSystemClock } from "../../runtime/adapters/system/clock.js";
import { setEnvironment } from "../adapters/aws/environment.js";
import { startEmulator, type Emulator } from "../lab/emulator/emulator.js";
import { startFront, type Front } from "../lab/emulator/front.js";
import { accountClients, provisionCluster, spokeRoleArn } from "../lab/emulator/provision.js";
import { environmentOf } from "../lab/lab-aws.js";
import { startProcessGroup } from "../lab/process/process-group.js";
import { resolveTool } from "../lab/tools/resolve.js";
import { describeDiscovery, type DiscoveryFixture } from "./discovery.js";

/** No control plane stands behind these clusters: this port never calls one. */
const API = {
  endpoint: "https://127.0.0.1:6443",
  caPem: "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
};

interface RealDiscovery extends DiscoveryFixture {
  readonly emulator: Emulator;
  readonly front: Front;
}

async function openReal(): Promise<RealDiscovery> {
  await using starting = new AsyncDisposableStack();
  const processes = await startProcessGroup();
  starting.defer(() => processes.stop());
  const emulator = await startEmulator(processes, await resolveTool("ministack"));
  starting.defer(() => emulator.close());
  const front = await startFront(emulator.url);
  starting.defer(() => front.close());
  starting.defer(setEnvironment(environmentOf(front, "eu-west-1")));
  const { discovery, close } = openAwsDiscovery(createSystemClock(), "contract");
  starting.defer(close);
  await emulator.control("create-role", { arn: spokeRoleArn("311111111111") });
  const running = starting.move();
  return {
    emulator,
    front,
    discovery,
    access: (account) => ({ roleArn: spokeRoleArn(account) }),
    addCluster: (identity, tags) => provisionCluster(emulator, { ...identity, tags, groups: [] }, API),
    closed: { account: "399999999999", region: "eu-west-1" },
    close: () => running.disposeAsync(),
  };
}

describeDiscovery("AWS adapter over emulated EKS", openReal);

describe("discovery over EKS", function () {
  this.timeout(120_000);
  const GROUND = { account: "344444444444", region: "eu-west-1" };
  let real: RealDiscovery;
  before(async () => {
    real = await openReal();
    for (const name of ["a", "b", "c"]) await real.addCluster({ ...GROUND, name }, {});
  });
  after(() => real.close());
  afterEach(() => real.front.clearFaults());

  const find = () => real.discovery.findClusters(GROUND, real.access(GROUND.account));

  it("reads each cluster once, with one role session for all of them", async () => {
    real.front.resetCalls();
    await find();
    const counts = real.front.calls().map(({ action, count }) => `${action} ${count}`);
    assert.deepEqual(counts.sort(), ["AssumeRole 1", "DescribeCluster 3", "ListClusters 1"]);
  });

  it("gets over a throttle", async () => {
    real.front.inject({ service: "eks", action: "DescribeCluster", kind: "throttle", times: 1 });
    assert.equal((await find()).length, 3);
  });

  it("says what is not allowed, for the account as a whole", async () => {
    real.front.inject({
      service: "eks",
      action: "ListClusters",
      kind: "error",
      code: "AccessDeniedException",
      status: 403,
    });
    await assert.rejects(find(), { code: "permission-denied", message: /may not eks:ListClusters/ });
  });

  it("leaves out a cluster that is deleted between list and look", async () => {
    const { eks } = accountClients(real.emulator, { ...GROUND, name: "c", groups: [] });
    real.front.inject({
      service: "eks",
      action: "DescribeCluster",
      kind: "error",
      code: "ResourceNotFoundException",
      message: "No cluster found for name: c.",
      status: 404,
      times: 1,
    });
    assert.equal((await find()).length, 2);
    await eks.send(new DeleteClusterCommand({ name: "c" }));
    assert.deepEqual(
      (await find()).map(({ identity }) => identity.name),
      ["a", "b"],
    );
    eks.destroy();
  });
});

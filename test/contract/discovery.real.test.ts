import assert from "node:assert/strict";

import { DeleteClusterCommand } from "@aws-sdk/client-eks";

import { accountClients } from "../lab/emulator/provision.js";
import { describeDiscovery } from "./discovery.js";
import { openRealDiscovery, type RealDiscovery } from "./real-discovery.js";

describeDiscovery("AWS adapter over emulated EKS", openRealDiscovery);

describe("discovery over EKS", function () {
  this.timeout(120_000);
  const GROUND = { account: "344444444444", region: "eu-west-1" };
  let real: RealDiscovery;
  before(async () => {
    real = await openRealDiscovery();
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

import assert from "node:assert/strict";

import { startLab, type ClusterSpec, type Fault, type Lab } from "../../lab/index.js";
import { wakeByHand } from "./by-hand.js";
import { clustersOf, codesOf, createDeployLab, faultsOf, outcomesOf, type DeployEnd, type DeployLab } from "./lab.js";

const [PAY, ADS]: readonly ClusterSpec[] = [
  ["pay", "111111111111"],
  ["ads", "222222222222"],
].map(([name = "", account = ""]) => ({
  ...{ name, account, region: "eu-west-1" },
  groups: [{ name: "general", kind: "managed", min: 1, desired: 1, max: 2 }],
}));

const IDS = ["111111111111/eu-west-1/pay", "222222222222/eu-west-1/ads"];
const AWAKE = [1, 1, 2];
const ASLEEP = [0, 0, 2];

/** As EKS answers a session that has come to its end. */
const EXPIRED: Fault = {
  ...{ kind: "error", service: "eks", code: "ExpiredTokenException", status: 403 },
  message: "The security token included in the request is expired",
};
/** As STS answers who may not assume a role any more. */
const EXPIRED_CALLER: Fault = { ...EXPIRED, service: "sts", action: "AssumeRole", code: "ExpiredToken" };

/** Two real clusters and no hub: the engine itself calls the emulated AWS. Each step begins where the one before it ended. */
describe("curfew deploy when the credentials for AWS run out", function () {
  this.timeout(300_000);
  const running = new AsyncDisposableStack();
  let lab: Lab;
  let deployer: DeployLab;

  before(async () => {
    lab = running.use(await startLab({ clusters: [PAY!, ADS!] }));
    deployer = running.use(await createDeployLab({ environment: { ...lab.environment, CURFEW_CONNECTOR: undefined } }));
    await deployer.declare("dev", {
      schedules: { never: { timezone: "UTC", awake: "never" } },
      settings: { nodesStableSeconds: 0, leaseSeconds: 15, pollSeconds: 1, drain: { timeoutSeconds: 60 } },
      clusters: [PAY, ADS].map((cluster) => ({ ...cluster, groups: undefined, schedule: "never" })),
    });
  });
  after(() => running.disposeAsync());
  afterEach(() => lab.aws.clearFaults());

  const deploy = (...words: readonly string[]) => deployer.deploy([...words, "--json"]);
  const sizeOf = async (name: string) => {
    const { min, desired, max } = await lab.cluster(name).group("general").read();
    return [min, desired, max];
  };
  const sizes = async () => ({ pay: await sizeOf("pay"), ads: await sizeOf("ads") });
  const resizes = () =>
    lab.aws.calls().flatMap(({ account, action }) => (action === "UpdateNodegroupConfig" ? account : []));

  it("says so with the cluster at which they did, and keeps what is done", async () => {
    lab.aws.inject({ ...EXPIRED, account: "222222222222", action: "UpdateNodegroupConfig" });
    const end = await deploy("up", "dev", "--yes");
    assertExpired(end, /222222222222\/eu-west-1\/ads: .*\[credentials-expired\].* expired/);
    assert.deepEqual(await sizes(), { pay: ASLEEP, ads: AWAKE });
    assert.deepEqual(await clustersOf(deployer, "dev"), IDS);
    const { items: nodes } = await lab.cluster("ads").admin.core.listNode();
    assert.deepEqual(
      nodes.map(({ spec }) => spec?.unschedulable === true),
      [false],
    );
  });

  it("does the rest with good ones, and nothing twice", async () => {
    lab.aws.resetCalls();
    const end = await deploy("up", "dev", "--yes");
    assert.equal(end.exitCode, 0, end.stdout + end.stderr);
    assert.deepEqual(await sizes(), { pay: ASLEEP, ads: ASLEEP });
    assert.deepEqual(resizes(), ["222222222222"]);
    const again = await deploy("up", "dev");
    assert.equal(again.exitCode, 0, again.stdout + again.stderr);
    assert.deepEqual(outcomesOf(again), { dev: "unchanged" });
  });

  it("does not call undrifted what it could not look at", async () => {
    lab.aws.inject(EXPIRED_CALLER);
    const end = await deploy("drift", "dev");
    assertExpired(end, /pay: not looked at: \[credentials-expired\][^]*ads: not|ads: not[^]*pay: not looked at/);
  });

  it("repairs what it can look at, and says what it cannot", async () => {
    await wakeByHand(lab, PAY!);
    lab.aws.inject({ ...EXPIRED, account: "222222222222" });
    const end = await deploy("drift", "dev", "--repair", "--yes");
    assertExpired(end, /^222222222222\/eu-west-1\/ads: not looked at: \[credentials-expired\]/m);
    assert.deepEqual(await sizes(), { pay: ASLEEP, ads: ASLEEP });
  });

  it("gives up no cluster that it could not wake, and wakes it the next time", async () => {
    lab.aws.inject({ ...EXPIRED, account: "222222222222", action: "UpdateNodegroupConfig" });
    const end = await deploy("destroy", "dev", "--yes");
    assertExpired(end, /222222222222\/eu-west-1\/ads: .*\[credentials-expired\]/);
    assert.deepEqual(await sizes(), { pay: AWAKE, ads: ASLEEP });
    assert.deepEqual(await clustersOf(deployer, "dev"), IDS.slice(1));
    lab.aws.clearFaults();
    const again = await deploy("destroy", "dev", "--yes");
    assert.equal(again.exitCode, 0, again.stdout + again.stderr);
    assert.deepEqual(await sizes(), { pay: AWAKE, ads: AWAKE });
    assert.deepEqual(await deployer.resources("dev"), []);
  });
});

function assertExpired(end: DeployEnd, message: RegExp): void {
  assert.equal(end.exitCode, 1, end.stdout + end.stderr);
  assert.deepEqual(codesOf(end), ["credentials-expired"]);
  assert.match(faultsOf(end)[0]?.message ?? "", message);
}

import assert from "node:assert/strict";

import { DynamoDBClient } from "@aws-sdk/client-dynamodb";

import { openDynamoStore } from "../../../runtime/adapters/dynamodb/store.js";
import type { FleetStore, StateStore } from "../../../runtime/ports/index.js";
import { bundleLambdas } from "../../../stacks/bundle.js";
import { administratorOf } from "../../lab/hub/hub-lab.js";
import { startLab, type ClusterSpec, type Lab } from "../../lab/index.js";
import { packagePath } from "../../lab/package-path.js";
import { until } from "../../lab/until.js";
import { wakeByHand } from "./by-hand.js";
import {
  clusters,
  clustersOf,
  codesOf,
  createDeployLab,
  faultsOf,
  outcomesOf,
  type DeployEnd,
  type DeployLab,
  type JsonLine,
} from "./lab.js";

const REGION = "eu-west-1";
const TICK_MS = 2_000;
/** As good as no tick. */
const NEVER_MS = 86_400_000;
const SOON_MS = 120_000;
const STACKS = ["dev", "dev-2", "dev-3"];

/** Two of the eight are real: one comes to stand beside the hub, the other in a stack without one. */
const REAL: readonly ClusterSpec[] = [
  ["dev-0", "111111111111"],
  ["dev-1", "222222222222"],
].map(([name = "", account = ""]) => ({
  ...{ name, account, region: REGION },
  groups: [{ name: "general", kind: "managed", min: 1, desired: 1, max: 2 }],
}));

const ENTRIES = clusters("dev", 8).map((entry) =>
  REAL.some(({ name }) => name === entry["name"]) ? { ...entry, schedule: "never" } : { ...entry, onDelete: "leave" },
);
const IDS = [0, 2, 4, 6]
  .map((index) => `111111111111/${REGION}/dev-${index}`)
  .concat([1, 3, 5, 7].map((index) => `222222222222/${REGION}/dev-${index}`));

/** One environment through its life, on the emulated AWS; each step begins where the one before it ended. */
describe("curfew deploy of a hub whose clusters fill several stacks", function () {
  this.timeout(300_000);
  const running = new AsyncDisposableStack();
  let lab: Lab;
  let deployer: DeployLab;
  let store: FleetStore & StateStore;

  before(async () => {
    await bundleLambdas();
    lab = running.use(await startLab({ clusters: REAL }));
    await lab.aws.setTiming({ minuteMs: NEVER_MS });
    const environment = { ...lab.environment, CURFEW_STATE: undefined, CURFEW_CONNECTOR: undefined };
    const programs = [packagePath("test", "lab", "aws-plugin")];
    deployer = running.use(await createDeployLab({ environment, programs }));
    const client = running.adopt(new DynamoDBClient(administratorOf(lab, REGION)), (each) => each.destroy());
    store = openDynamoStore({ region: REGION, table: "curfew-fleet", shards: 4, client });
    await declare({ clustersPerStack: 3 });
  });
  after(() => running.disposeAsync());

  const declare = (spread: { readonly clustersPerStack: number }) =>
    deployer.declare("dev", {
      hub: { region: REGION, deletionProtection: false, dueShards: 4 },
      deployer: spread,
      schedules: { always: { timezone: "UTC", awake: "always" }, never: { timezone: "UTC", awake: "never" } },
      settings: { nodesStableSeconds: 0, leaseSeconds: 15, pollSeconds: 1 },
      clusters: ENTRIES,
    });
  const held = () => Promise.all(STACKS.map((stack) => clustersOf(deployer, stack)));
  const sizes = () =>
    Promise.all(
      REAL.map(async ({ name }) => {
        const { min, desired, max } = await lab.cluster(name).group("general").read();
        return [min, desired, max];
      }),
    );

  it("begins no other stack when the credentials run out while the hub is made", async () => {
    const message = "The security token included in the request is expired";
    lab.aws.inject({ service: "lambda", kind: "error", code: "ExpiredTokenException", message, status: 403 });
    const end = await deployer.deploy(["up", "dev", "--yes", "--json"]);
    assert.equal(end.exitCode, 1, end.stdout + end.stderr);
    assert.deepEqual(codesOf(end), ["credentials-expired", "first-stack-failed"]);
    assert.match(
      faultsOf(end)[0]?.message ?? "",
      /ran out on the way[^]*security token included in the request is expired/,
    );
    assert.deepEqual(await held().then((stacks) => stacks.slice(1)), [[], []]);
  });

  it("goes on with good ones: first the hub, then the others, each cluster in one stack and in the hub's table", async () => {
    lab.aws.clearFaults();
    const end = await deployer.deploy(["up", "dev", "--yes", "--json"]);
    assert.equal(end.exitCode, 0, end.stdout + end.stderr);
    assert.equal(orderOf(end, "up")[0], "dev began");
    assert.equal(orderOf(end, "up")[1], "dev ended");
    const stacks = await held();
    assert.deepEqual(
      stacks.map(({ length }) => length),
      [3, 3, 2],
    );
    assert.deepEqual(stacks.flat().toSorted(), IDS);
    const entries = await Promise.all(IDS.map((id) => store.readEntry(id)));
    assert.deepEqual(
      entries.map((entry) => entry?.clusterId),
      IDS,
    );
    const tables = lab.aws.calls().filter(({ action }) => action === "CreateTable");
    assert.deepEqual(
      tables.map(({ count }) => count),
      [1],
    );
  });

  it("has the hub put to sleep what stands beside it and what stands elsewhere", async () => {
    await lab.aws.setTiming({ minuteMs: TICK_MS });
    for (const { account, name } of REAL) {
      const id = `${account}/${REGION}/${name}`;
      await until(async () => {
        const entry = await store.readEntry(id);
        return entry?.wanted === "hibernated" && entry.unconvergedSince === null;
      }, SOON_MS);
    }
    assert.deepEqual(await sizes(), [
      [0, 0, 2],
      [0, 0, 2],
    ]);
    await lab.aws.setTiming({ minuteMs: NEVER_MS });
  });

  it("ties clusters that moved beside the hub to its table, and then finds nothing to do or to ask", async () => {
    await declare({ clustersPerStack: 4 });
    const moved = await deployer.deploy(["rebalance", "dev", "--yes", "--json"]);
    assert.equal(moved.exitCode, 0, moved.stdout + moved.stderr);
    assert.deepEqual(
      (await held()).map(({ length }) => length),
      [4, 4, 0],
    );
    assert.deepEqual((await dependencies()).toSorted(), ["", "curfew-fleet", "curfew-fleet", "curfew-fleet"]);
    const tied = await deployer.deploy(["up", "dev", "--yes", "--json"]);
    assert.equal(tied.exitCode, 0, tied.stdout + tied.stderr);
    assert.deepEqual(await dependencies(), Array(4).fill("curfew-fleet"));
    const again = await deployer.deploy(["up", "dev", "--json"]);
    assert.equal(again.exitCode, 0, again.stdout + again.stderr);
    assert.deepEqual(outcomesOf(again), { dev: "unchanged", "dev-2": "unchanged" });
  });

  /** What each cluster beside the hub depends on, by name. */
  async function dependencies(): Promise<readonly string[]> {
    const resources = (await deployer.resources("dev")) ?? [];
    const own = resources.filter(({ type }) => type.endsWith(":ClusterSchedule"));
    return own.map(({ dependencies: urns = [] }) => urns.map((urn) => urn.split("::").at(-1)).join());
  }

  it("says which clusters a repair leaves to the hub", async () => {
    const [, inAnotherStack] = REAL;
    await wakeByHand(lab, inAnotherStack!);
    const end = await deployer.deploy(["drift", "dev", "--repair", "--yes", "--json"]);
    assert.equal(end.exitCode, 3, end.stdout + end.stderr);
    assert.deepEqual(codesOf(end), ["drift-found"]);
    const [fault] = faultsOf(end);
    assert.match(fault?.message ?? "", /^dev-1: drift: it is running, but Curfew left it hibernated/m);
    assert.match(fault?.remedy ?? "", /calendar's next change, or now by `curfew hibernate`/);
  });

  it("wakes the clusters of all stacks before the hub goes", async () => {
    const end = await deployer.deploy(["destroy", "dev", "--yes", "--json"]);
    assert.equal(end.exitCode, 0, end.stdout + end.stderr);
    assert.deepEqual(orderOf(end, "destroy").slice(-2), ["dev began", "dev ended"]);
    // The second was started by hand, which is not undone.
    assert.deepEqual(await sizes(), [
      [1, 1, 2],
      [0, 1, 2],
    ]);
    assert.deepEqual(await Promise.all(STACKS.map((stack) => deployer.resources(stack))), [[], undefined, undefined]);
    await assert.rejects(store.readEntry(IDS[0] ?? ""), /ResourceNotFoundException/);
  });
});

/** `<stack> began` and `<stack> ended` of one phase, in order. */
function orderOf({ stdout }: DeployEnd, phase: string): readonly string[] {
  const lines = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as JsonLine);
  const told = lines.filter((line) => line["phase"] === phase && ["began", "ended"].includes(line.event));
  return told.map(({ event, stack }) => `${String(stack)} ${event}`);
}

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import {
  ALWAYS,
  clusters,
  clustersOf,
  codesOf,
  createDeployLab,
  summaryOf,
  writePolicyPack,
  type DeployLab,
} from "./lab.js";

const STACKS = ["dev", "dev-2", "dev-3", "dev-4"];

/** One project through its life; each step begins where the one before it ended. */
describe("curfew deploy on the real engine", function () {
  this.timeout(600_000);
  let lab: DeployLab;

  before(async () => {
    lab = await createDeployLab();
    await declareDev(clusters("dev", 7));
    await lab.declare("staging", { schedules: ALWAYS, clusters: clusters("staging", 2) });
  });
  after(async () => lab[Symbol.asyncDispose]());

  const declareDev = (entries: readonly object[], clustersPerStack = 3) =>
    lab.declare("dev", { deployer: { clustersPerStack }, schedules: SCHEDULES, clusters: entries });
  const heldByDev = () => Promise.all(STACKS.map((stack) => clustersOf(lab, stack)));

  it("asks before it changes anything, and without anybody to ask changes nothing", async () => {
    const end = await lab.deploy(["up", "dev", "--json", "--summary", "summary.md"]);
    assert.equal(end.exitCode, 3, end.stdout + end.stderr);
    assert.deepEqual(codesOf(end), ["approval-missing"]);
    assert.deepEqual(await heldByDev(), [[], [], [], []]);
    const markdown = await readFile(join(lab.project, "summary.md"), "utf8");
    assert.match(markdown, /\| create \| dev-3 \| 222222222222 \| eu-west-1 \| always \| never \|/);
  });

  it("deploys two environments, one spread over stacks, and shows each as one", async () => {
    const end = await lab.deploy(["up", "dev", "staging", "--yes", "--json"]);
    assert.equal(end.exitCode, 0, end.stdout + end.stderr);
    assert.deepEqual(
      (await heldByDev()).map(({ length }) => length),
      [3, 3, 1, 0],
    );
    assert.equal((await clustersOf(lab, "staging")).length, 2);
    const { environments } = summaryOf(end) as unknown as { environments: { clusters: unknown[] }[] };
    assert.deepEqual(
      environments.map((environment) => environment.clusters.length),
      [7, 2],
    );
  });

  it("finds nothing to do the second time, for people too", async () => {
    const end = await lab.deploy(["up", "dev", "staging"]);
    assert.equal(end.exitCode, 0, end.stdout + end.stderr);
    assert.match(end.stdout, /dev-3 +1 +unchanged +none/);
  });

  it("keeps every cluster where it stands when others come and go", async () => {
    const before = await heldByDev();
    await declareDev([...clusters("dev", 7).slice(1), ...clusters("new", 3)]);
    const end = await lab.deploy(["up", "dev", "--yes", "--json"]);
    assert.equal(end.exitCode, 0, end.stdout + end.stderr);
    const after = await heldByDev();
    assert.deepEqual(before.map((ids, index) => ids.filter((id) => !after[index]?.includes(id))).flat(), [
      "111111111111/eu-west-1/dev-0",
    ]);
    assert.deepEqual(
      after.map(({ length }) => length),
      [3, 3, 3, 0],
    );
  });

  it("lets the other stacks go on when one is broken, says nothing secret of it, and ends with partial", async () => {
    await declareDev([...clusters("dev", 7).slice(1), ...clusters("new", 4)]);
    const environment = { BREAK_STACK: "dev-2", AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI" };
    const end = await lab.deploy(["up", "dev", "--yes", "--json"], { environment });
    assert.equal(end.exitCode, 4, end.stdout + end.stderr);
    assert.deepEqual(codesOf(end), ["stack-failed"]);
    assert.match(end.stdout, /broken on purpose, with \[secret\]/);
    assert.doesNotMatch(end.stdout + end.stderr, /wJalrXUtnFEMI/);
    assert.deepEqual(
      (await heldByDev()).map(({ length }) => length),
      [3, 3, 3, 1],
    );
  });

  it("is refused by a policy with the environment's own policy config before anything is changed", async () => {
    await writeFile(join(lab.project, "stacks", "policy.dev.json"), '{ "untouchable": { "name": "new-4" } }');
    await declareDev([...clusters("dev", 7).slice(1), ...clusters("new", 6)]);
    const end = await lab.deploy(["up", "dev", "staging", "--yes", "--json"]);
    assert.equal(end.exitCode, 3, end.stdout + end.stderr);
    assert.deepEqual(codesOf(end), ["policy-violated"]);
    assert.deepEqual(summaryOf(end)["notBegun"], ["staging"]);
    assert.match(end.stdout, /new-4 is not to be touched/);
    assert.deepEqual(
      (await heldByDev()).map(({ length }) => length),
      [3, 3, 3, 1],
    );
  });

  it("does not start without a policy pack that cannot load", async () => {
    await writeFile(join(lab.project, "policy", "index.cjs"), 'throw new Error("broken");');
    const end = await lab.deploy(["up", "dev", "--yes", "--json"]);
    assert.equal(end.exitCode, 3, end.stdout + end.stderr);
    assert.deepEqual(codesOf(end), ["policy-pack-unusable"]);
    await writePolicyPack(join(lab.project, "policy"));
  });

  it("says that the CLI died in the middle, and goes on where it stopped", async () => {
    await declareDev([...clusters("dev", 7).slice(1), ...clusters("new", 4), sleeper("sleeper")]);
    const died = await lab.deploy(["up", "dev", "--yes"], { onStderr: killWhen(/sleeper: /) });
    assert.equal(died.exitCode, 4, died.stdout + died.stderr);
    assert.match(died.stdout, /\[engine-died\]/);
    const end = await lab.deploy(["up", "dev", "--yes", "--unlock", "--json"]);
    assert.equal(end.exitCode, 0, end.stdout + end.stderr);
    assert.match(end.stdout, /freeing the stack from a process that is dead/);
    assert.equal((await heldByDev()).flat().length, 11);
    const again = await lab.deploy(["preview", "dev", "--json"]);
    assert.doesNotMatch(again.stdout, /pending operations/);
  });

  it("finds what drifted by the clusters' own words", async () => {
    // The simulated cluster forgets that it sleeps with the process that put it to sleep.
    const end = await lab.deploy(["drift", "dev", "--json"]);
    assert.equal(end.exitCode, 3, end.stdout + end.stderr);
    assert.deepEqual(codesOf(end), ["drift-found"]);
    assert.match(end.stdout, /sleeper: drift: it is running, but Curfew left it hibernated/);
    const repaired = await lab.deploy(["drift", "dev", "--repair", "--yes", "--json"]);
    assert.equal(repaired.exitCode, 0, repaired.stdout + repaired.stderr);
    const { environments } = summaryOf(repaired) as unknown as { environments: { clusters: { cluster: string }[] }[] };
    assert.deepEqual(
      environments[0]?.clusters.map(({ cluster }) => cluster),
      ["sleeper"],
    );
  });

  it("moves clusters on request to as few stacks as they need, and nothing is left to do then", async () => {
    const entries = [...clusters("dev", 7).slice(1), ...clusters("new", 4), sleeper("sleeper")];
    await declareDev(entries, 6);
    const end = await lab.deploy(["rebalance", "dev", "--yes", "--json"]);
    assert.equal(end.exitCode, 0, end.stdout + end.stderr);
    assert.deepEqual(
      (await heldByDev()).map(({ length }) => length),
      [6, 5, 0, 0],
    );
    const next = await lab.deploy(["preview", "dev", "--json"], { environment: { CURFEW_CONNECTOR: "memory" } });
    assert.equal(next.exitCode, 0, next.stdout + next.stderr);
    const { environments } = summaryOf(next) as unknown as {
      environments: { clusters: unknown[]; parts: unknown[] }[];
    };
    assert.deepEqual(environments[0]?.clusters, []);
  });

  it("moves clusters of an environment that was one stack into a new one", async () => {
    await lab.declare("staging", {
      deployer: { clustersPerStack: 1 },
      schedules: ALWAYS,
      clusters: clusters("staging", 2),
    });
    const end = await lab.deploy(["rebalance", "staging", "--yes", "--json"]);
    assert.equal(end.exitCode, 0, end.stdout + end.stderr);
    const next = await lab.deploy(["up", "staging", "--json"]);
    assert.equal(next.exitCode, 0, next.stdout + next.stderr);
    const held = await Promise.all(["staging", "staging-2"].map((stack) => clustersOf(lab, stack)));
    assert.deepEqual(held, [["111111111111/eu-west-1/staging-0"], ["222222222222/eu-west-1/staging-1"]]);
  });

  it("wakes and gives up everything, and keeps no empty stack but the environment's own", async () => {
    const end = await lab.deploy(["destroy", "dev", "staging", "--yes", "--json"]);
    assert.equal(end.exitCode, 0, end.stdout + end.stderr);
    assert.match(end.stdout, /sleeper: /);
    const left = await Promise.all([...STACKS, "staging", "staging-2"].map((stack) => lab.resources(stack)));
    assert.deepEqual(left, [[], undefined, undefined, undefined, [], undefined]);
  });
});

const SCHEDULES = { ...ALWAYS, never: { timezone: "UTC", awake: "never" } };

/** Its lease is short, because a killed run leaves it behind. */
const sleeper = (name: string) => ({
  ...{ name, account: "111111111111", region: "eu-west-1", schedule: "never" },
  settings: { leaseSeconds: 9 },
});

/** Kills the engines under the deployer, and all that they started, once a line fits. */
function killWhen(pattern: RegExp): (text: string, pid: number) => void {
  return (text, deployer) => {
    if (!pattern.test(text)) return;
    const table = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
    const parents = table
      .trim()
      .split("\n")
      .map((row) => row.trim().split(/\s+/).map(Number));
    const doomed = [deployer];
    for (const ancestor of doomed) for (const [pid = 0, parent] of parents) if (parent === ancestor) doomed.push(pid);
    for (const pid of doomed.slice(1)) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It ended in this very moment.
      }
    }
  };
}

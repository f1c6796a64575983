import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";

import { ALWAYS, clusters, clustersOf, createDeployLab, summaryOf, type DeployLab } from "./lab.js";

const STACKS = ["dev", "dev-2", "dev-3"];

/** The first stack's cluster goes to sleep, which takes some seconds; those of the others have nothing to do. */
const DEV = {
  deployer: { clustersPerStack: 1 },
  schedules: { ...ALWAYS, never: { timezone: "UTC", awake: "never" } },
  clusters: [
    { name: "a-sleeper", account: "111111111111", region: "eu-west-1", schedule: "never" },
    ...clusters("dev", 2),
  ],
};

interface Told {
  readonly environments: readonly { readonly stacks: readonly { readonly outcome: string }[] }[];
}

describe("curfew deploy that gets one SIGINT on the real engine", function () {
  this.timeout(300_000);
  let lab: DeployLab;
  before(async () => {
    lab = await createDeployLab();
    await lab.declare("dev", DEV);
  });
  after(async () => lab[Symbol.asyncDispose]());

  const heldByDev = async () =>
    (await Promise.all(STACKS.map((stack) => clustersOf(lab, stack)))).map((ids) => ids.length);
  const up = (onStderr?: (text: string, pid: number) => void) =>
    lab.deploy(["up", "dev", "--yes", "--parallel", "1"], onStderr ? { onStderr } : {});

  it("lets the cluster that is being put to sleep get there, begins no other stack, and locks none", async () => {
    let isSent = false;
    const end = await up((text, pid) => {
      if (isSent || !/^dev: a-sleeper: drain/m.test(text)) return;
      isSent = process.kill(pid, "SIGINT");
    });
    assert.ok(isSent, end.stderr);
    assert.equal(end.exitCode, 1, end.stdout + end.stderr);
    assert.deepEqual(codesIn(end.stdout), ["interrupted", "interrupted"]);
    assert.match(end.stdout, /dev +1 +failed +1 create\n *dev-2 +1 +skipped +none\n *dev-3 +1 +skipped +none/);
    assert.match(end.stderr, /dev: a-sleeper: run: hibernated/);
    assert.deepEqual(await heldByDev(), [1, 0, 0]);
    assert.deepEqual(await locksOf(lab), []);
  });

  it("does the rest when it is run again", async () => {
    const end = await lab.deploy(["up", "dev", "--yes", "--json"]);
    assert.equal(end.exitCode, 0, end.stdout + end.stderr);
    const [told] = (summaryOf(end) as unknown as Told).environments;
    assert.deepEqual(
      told?.stacks.map(({ outcome }) => outcome),
      ["unchanged", "changed", "changed"],
    );
    assert.deepEqual(await heldByDev(), [1, 1, 1]);
  });
});

const codesIn = (text: string) => [...text.matchAll(/^\[([a-z-]+)\]/gm)].map(([, code]) => code);

/** Locks that the backend still has. */
async function locksOf({ folder }: DeployLab): Promise<readonly string[]> {
  const files = await readdir(join(folder, "backend", ".pulumi", "locks"), { recursive: true });
  return files.filter((file) => file.endsWith(".json"));
}

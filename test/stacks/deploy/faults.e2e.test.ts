import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";

import { packagePath } from "../../lab/package-path.js";
import { ALWAYS, clusters, clustersOf, createDeployLab, type DeployEnd, type DeployLab } from "./lab.js";

/** Everything that may stand in the way before or while the engine works; each has its code and its exit code. */
describe("what curfew deploy says when it cannot", function () {
  this.timeout(300_000);
  let lab: DeployLab;
  const node = dirname(process.execPath);

  before(async () => {
    lab = await createDeployLab();
    await lab.declare("dev", { schedules: ALWAYS, clusters: clusters("dev", 1) });
    await lab.declare("wrong", { schedules: ALWAYS, clusters: [{ name: "dev", schedule: "alwys" }] });
    await lab.declare("crowded", {
      deployer: { clustersPerStack: 1 },
      schedules: ALWAYS,
      clusters: clusters("dev", 1),
    });
    const end = await lab.deploy(["up", "dev", "--yes"]);
    assert.equal(end.exitCode, 0, end.stdout + end.stderr);
  });
  after(async () => lab[Symbol.asyncDispose]());

  it("names the environments that there are", async () => {
    const end = await lab.deploy(["preview", "prod"]);
    assert.deepEqual(whatOf(end), { exitCode: 2, code: "environment-unknown" });
    assert.match(end.stderr, /Name one of: crowded, dev, wrong/);
  });

  it("hands its exit code on when it is begun as a command of curfew", () => {
    const main = packagePath("bin", "runtime", "cli", "main.js");
    const words = [main, "deploy", "preview", "prod", "--json"];
    const end = spawnSync(process.execPath, words, { cwd: lab.project, encoding: "utf8" });
    assert.equal(end.status, 2, end.stdout + end.stderr);
    assert.match(end.stdout, /"environment-unknown"/);
  });

  it("lists every problem of an environment at once", async () => {
    const end = await lab.deploy(["preview", "wrong"]);
    assert.deepEqual(whatOf(end), { exitCode: 2, code: "config-invalid" });
    assert.match(end.stderr, /alwys[^]*account[^]*region/);
  });

  it("says how to use it", async () => {
    assert.equal((await lab.deploy(["undo", "dev"])).exitCode, 2);
    assert.equal((await lab.deploy(["preview"])).exitCode, 2);
    assert.equal((await lab.deploy(["--help"])).exitCode, 0);
  });

  it("misses the CLI", async () => {
    const end = await lab.deploy(["preview", "dev"], { environment: { PATH: node } });
    assert.deepEqual(whatOf(end), { exitCode: 1, code: "pulumi-missing" });
  });

  it("does not work with a CLI that is too old", async () => {
    const old = join(lab.folder, "old");
    await mkdir(old);
    await writeFile(join(old, "pulumi"), "#!/bin/sh\necho v3.20.0\n", { mode: 0o755 });
    const end = await lab.deploy(["preview", "dev"], { environment: { PATH: [old, node, "/bin"].join(delimiter) } });
    assert.deepEqual(whatOf(end), { exitCode: 1, code: "pulumi-too-old" });
  });

  it("does not reach the backend", async () => {
    const environment = { PULUMI_BACKEND_URL: `file://${join(lab.folder, "nowhere")}` };
    const end = await lab.deploy(["preview", "dev"], { environment });
    assert.deepEqual(whatOf(end), { exitCode: 1, code: "backend-unreachable" });
  });

  it("is not logged in", async () => {
    const environment = { PULUMI_BACKEND_URL: "", PULUMI_HOME: join(lab.folder, "strange") };
    const end = await lab.deploy(["preview", "dev"], { environment });
    assert.deepEqual(whatOf(end), { exitCode: 1, code: "not-logged-in" });
  });

  it("is given another passphrase, and does not print it", async () => {
    await lab.declare("salted", { schedules: ALWAYS });
    // Made by the CLI for another passphrase than either of these.
    const salt = "v1:fS5UtNTS89E=:v1:Z6kMqkyHrV46jISt:TQSgcPQ6o3xiD+VumEWLN6oIpnu6Zg==";
    await appendFile(join(lab.project, "stacks", "Pulumi.salted.yaml"), `encryptionsalt: ${salt}\n`);
    const environment = { PULUMI_CONFIG_PASSPHRASE: "battery staple" };
    const end = await lab.deploy(["preview", "salted"], { environment });
    assert.deepEqual(whatOf(end), { exitCode: 1, code: "passphrase-wrong" });
    assert.doesNotMatch(end.stdout + end.stderr, /battery staple/);
  });

  it("waits for another run that holds the stack, and does not take the stack from it", async () => {
    await lab.declare("dev", { schedules: ALWAYS, clusters: clusters("dev", 2) });
    await lab.lock("dev", { host: "elsewhere", pid: 1 });
    const end = await lab.deploy(["up", "dev", "--yes", "--unlock"]);
    assert.deepEqual(whatOf(end), { exitCode: 3, code: "stack-locked" });
    assert.match(end.stdout, /process 1 of somebody on elsewhere/);
    assert.equal((await clustersOf(lab, "dev")).length, 1);
  });
});

function whatOf({ exitCode, stdout, stderr }: DeployEnd) {
  return { exitCode, code: /\[([a-z-]+)\]/.exec(stdout + stderr)?.[1] };
}

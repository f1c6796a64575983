import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { runCli } from "../../runtime/cli/run-cli.js";
import { openRuntime } from "../../runtime/compose.js";
import { openRealDiscovery, type RealDiscovery } from "../contract/real-discovery.js";

const SPOKE = { account: "355555555555", region: "eu-west-1" };
const CLOSED = "399999999999";

describe("curfew import over emulated EKS", function () {
  this.timeout(120_000);
  let real: RealDiscovery;
  let folder: string;
  before(async () => {
    real = await openRealDiscovery();
    folder = await mkdtemp(join(tmpdir(), "curfew-import-"));
    await real.addCluster({ ...SPOKE, name: "web" }, { "curfew-schedule": "office" });
    await real.addCluster({ ...SPOKE, name: "plain" }, {});
  });
  after(async () => {
    await real.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function curfew(...argv: readonly string[]) {
    let [out, err] = ["", ""];
    const code = await runCli({
      argv,
      environment: {},
      stdout: { write: (text) => (out += text) },
      stderr: { write: (text) => (err += text) },
      cwd: folder,
      signal: new AbortController().signal,
      now: Date.now,
      openRuntime,
      readText: (path) => readFile(path, "utf8").catch(() => undefined),
      writeText: (path, text) => writeFile(path, text, { flag: "wx" }),
    });
    return { code, out, err };
  }

  it("writes what it finds through each account's role, names the account that refuses, and leaves nothing else", async () => {
    const { account, region } = SPOKE;
    const told = await curfew("import", "--account", account, CLOSED, "--region", region, "--out", "found.yaml");
    assert.equal(told.code, 4, told.err);
    assert.match(told.err, /^399999999999 eu-west-1: \[role-refused\] .*curfew-spoke/m);
    const text = await readFile(join(folder, "found.yaml"), "utf8");
    assert.match(text, /^ {2}- \{ name: web, account: "355555555555", region: eu-west-1, schedule: office \}$/m);
    assert.match(text, /^# +- \{ name: plain, .*\} # has no tag curfew-schedule$/m);
    assert.match(text, /^# +399999999999 eu-west-1: \[role-refused\]/m);
    assert.deepEqual(await readdir(folder), ["found.yaml"]);
    assert.equal((await curfew("validate", "--config", "found.yaml")).code, 2);
  });

  it("reads, and changes nothing", async () => {
    real.front.resetCalls();
    await curfew("import", "--account", SPOKE.account, "--region", SPOKE.region);
    const asked = new Set(real.front.calls().map(({ action }) => action));
    assert.deepEqual([...asked].sort(), ["AssumeRole", "DescribeCluster", "ListClusters"]);
  });
});

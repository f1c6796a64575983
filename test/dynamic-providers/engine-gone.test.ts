import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import * as pulumi from "@pulumi/pulumi";

import { provider } from "../../dynamic-providers/cluster-schedule.js";
import { withStore } from "../e2e/runner.js";
import { packagePath } from "../lab/package-path.js";
import { until } from "../lab/until.js";
import { inputsFor, PAY_ID } from "../resource/fixture.js";
import { startDynamicHost, type DynamicHost, type Properties } from "./dynamic-host.js";

// A provider that does not notice it lives for ever, and its test runs into this time.
describe("a provider whose engine has died", function () {
  this.timeout(120_000);

  let text: string;
  let folder: string;
  let statePath: string;
  let host: DynamicHost;

  const inputs = (awake: unknown, settings: Properties = {}): Properties => ({
    ...inputsFor(awake, { settings: { pollSeconds: 1, ...settings } }),
    __provider: text,
  });

  before(async () => {
    text = (await pulumi.runtime.serializeFunction(() => provider)).text;
  });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "curfew-host-"));
    statePath = join(folder, "state.db");
    host = await startDynamicHost(packagePath(), { CURFEW_CONNECTOR: "memory", CURFEW_STATE: statePath });
  });

  afterEach(async () => {
    await host.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it("ends by itself, also when it has nothing to do and nothing to say", async () => {
    await host.check({}, inputs("always"));
    await host.abandon();
  });

  it("stops a run at a safe point and gives back its lease", async () => {
    const { id, properties } = await host.create(inputs("never"));
    const woken = host.update(id, properties, inputs("always", { nodesStableSeconds: 600 }));
    const unanswered = assert.rejects(woken);
    await until(() => Promise.resolve(host.lines.some((line) => line.startsWith("pay: await-nodes"))), 90_000);
    await host.abandon();
    await unanswered;
    const answer = await withStore(statePath, (store) =>
      store.acquireLease({ clusterId: PAY_ID, operationId: "next", now: Date.now(), expiresAt: Date.now() + 1 }),
    );
    assert.equal(answer.kind, "acquired");
  });
});

describe("a program that only imports the runtime", function () {
  this.timeout(30_000);

  it("is left as it is: its pipes are its own", async () => {
    const program = `await import("curfew/runtime");
      console.log(process.stdout.listenerCount("error"), process.stderr.listenerCount("error"));`;
    const args = ["--input-type=module", "--eval", program];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: packagePath() });
    assert.equal(stdout, "0 0\n");
  });
});

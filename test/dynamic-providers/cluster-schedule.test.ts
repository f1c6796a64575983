import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import * as pulumi from "@pulumi/pulumi";

import { provider } from "../../dynamic-providers/cluster-schedule.js";
import { packagePath } from "../lab/package-path.js";
import { inputsFor } from "../resource/fixture.js";
import {
  initFailureOf,
  startDynamicHost,
  type DynamicHost,
  type InitFailure,
  type Properties,
} from "./dynamic-host.js";

const PAY_ID = "111111111111/eu-west-1/pay";

/** The failure that keeps the resource; fails the test when there is none. */
async function initFailure(work: Promise<unknown>): Promise<InitFailure> {
  const error = await work.then(
    () => assert.fail("it should have failed"),
    (reason: unknown) => reason,
  );
  return initFailureOf(error) ?? assert.fail(String(error));
}

describe("ClusterSchedule in Pulumi's own host", function () {
  this.timeout(30_000);

  let text: string;
  let folder: string;
  let host: DynamicHost;

  const inputs = (awake: unknown, fields: Properties = {}): Properties => ({
    ...inputsFor(awake, fields),
    __provider: text,
  });
  const start = (cwd: string, environment: Readonly<Record<string, string>> = {}) =>
    startDynamicHost(cwd, {
      CURFEW_CONNECTOR: "memory",
      CURFEW_STATE: join(folder, "state.db"),
      ...environment,
    });

  before(async () => {
    text = (await pulumi.runtime.serializeFunction(() => provider)).text;
  });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "curfew-host-"));
  });

  afterEach(async () => {
    await host.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it("lives a whole life: check, create, diff, read, update, delete", async () => {
    host = await start(packagePath());
    const checked = await host.check({}, inputs("always"));
    assert.deepEqual(checked, { inputs: inputs("always"), failures: [] });
    const { id, properties } = await host.create(checked.inputs);
    assert.equal(id, PAY_ID);
    assert.equal(properties["state"], "running");
    assert.equal(properties["__provider"], text);
    assert.deepEqual(await host.diff(id, properties, inputs("always")), { changes: false, replaces: [] });
    assert.deepEqual(await host.read(id, properties), { id, properties });
    const news = inputs(["00:00-24:00"]);
    assert.equal((await host.diff(id, properties, news)).changes, true);
    const updated = await host.update(id, properties, news);
    assert.equal(updated["rule"], "window 00:00-24:00");
    await host.delete(id, updated);
  });

  it("really sleeps and wakes, and says so while it works", async () => {
    host = await start(packagePath());
    const { id, properties } = await host.create(
      inputs("never", { settings: { nodesStableSeconds: 0, pollSeconds: 1 } }),
    );
    assert.equal(properties["state"], "hibernated");
    assert.ok(
      host.lines.some((line) => line.startsWith("pay: run: hibernate")),
      host.lines.join("\n"),
    );
    await host.delete(id, properties);
    assert.ok(
      host.lines.some((line) => line.startsWith("pay: run: running after")),
      host.lines.join("\n"),
    );
  });

  it("names what it refuses", async () => {
    host = await start(packagePath());
    const { failures } = await host.check({}, { ...inputs("always"), cluster: "other" });
    assert.deepEqual(failures, ['cluster: must be "pay", as in the declaration']);
  });

  it("replaces what became another cluster", async () => {
    host = await start(packagePath());
    const { id, properties } = await host.create(inputs("always"));
    const diff = await host.diff(id, properties, inputs("always", { name: "other" }));
    assert.deepEqual(diff, { changes: true, replaces: ["cluster"] });
  });

  it("keeps its text when a create fails, so that it can still be updated and deleted", async () => {
    host = await start(packagePath(), { CURFEW_CONNECTOR: "", AWS_EC2_METADATA_DISABLED: "true", HOME: folder });
    const failure = await initFailure(host.create(inputs("never")));
    assert.equal(failure.id, PAY_ID);
    assert.match(failure.reasons[0] ?? "", /\[credentials-missing\]/);
    assert.equal(failure.properties["__provider"], text);
    assert.equal(failure.properties["state"], "unknown");
    await initFailure(host.update(PAY_ID, failure.properties, inputs("never")));
    await host.delete(PAY_ID, failure.properties);
  });

  it("answers two first calls at once", async () => {
    host = await start(packagePath());
    const both = await Promise.all([host.create(inputs("always")), host.create(inputs("always", { name: "shop" }))]);
    assert.deepEqual(
      both.map(({ properties }) => properties["state"]),
      ["running", "running"],
    );
  });

  it("finds the runtime from a folder below the project too", async () => {
    host = await start(packagePath("stacks"));
    assert.equal((await host.create(inputs("always"))).id, PAY_ID);
  });
});

import assert from "node:assert/strict";

import { bundleContents, type BundleContents } from "../bench/cold/bundle-contents.js";
import { buildBundles, type BuiltBundles } from "../bench/cold/bundles.js";
import { compareImports } from "../bench/cold/import-cost.js";

const KB = 1024;

describe("the bundles of the hub's functions", function () {
  this.timeout(120_000);
  let bundles: BuiltBundles;
  let planner: BundleContents;
  let worker: BundleContents;
  let campaign: BundleContents;
  let relay: BundleContents;

  before(async () => {
    bundles = await buildBundles();
    planner = bundleContents(bundles.metafiles.planner);
    worker = bundleContents(bundles.metafiles.worker);
    campaign = bundleContents(bundles.metafiles.campaign);
    relay = bundleContents(bundles.metafiles.relay);
  });
  after(() => bundles[Symbol.asyncDispose]());

  const withPath = (sources: readonly string[], pattern: RegExp) => sources.filter((path) => pattern.test(path));

  it("keep the Kubernetes client and everything of clusters out of the planner and of campaigns", () => {
    for (const { sources } of [planner, campaign]) {
      assert.deepEqual(withPath(sources, /node_modules\/(@kubernetes|undici|@pulumi)\//), []);
      assert.deepEqual(withPath(sources, /node_modules\/@aws-sdk\/client-(eks|ec2|auto-scaling)\//), []);
      assert.deepEqual(withPath(sources, /runtime\/(run|cycle|drain|adapters\/(aws|kubernetes|memory|sqlite))\//), []);
    }
  });

  it("leave campaigns no more than the table", () => {
    assert.deepEqual(withPath(campaign.sources, /node_modules\/@aws-sdk\/client-(?!dynamodb\/)/), []);
  });

  it("keep Pulumi and what is for tests and laptops out of the worker", () => {
    assert.deepEqual(withPath(worker.sources, /node_modules\/(@pulumi|commander)\//), []);
    assert.deepEqual(withPath(worker.sources, /runtime\/(cli|adapters\/(memory|sqlite))\//), []);
  });

  it("start a worker without the Kubernetes client and without EC2's SDK", () => {
    assert.deepEqual(
      withPath(worker.startSources, /@kubernetes\/|undici|client-ec2|runtime\/adapters\/kubernetes/),
      [],
    );
    assert.ok(withPath(worker.sources, /@kubernetes\/client-node/).length > 0, "it needs it at the first cluster");
  });

  it("start a worker without Lambda's SDK, which private clusters alone need", () => {
    assert.deepEqual(withPath(worker.startSources, /client-lambda|runtime\/adapters\/lambda/), []);
    assert.ok(withPath(worker.sources, /client-lambda/).length > 0);
  });

  it("make a relay of nothing but Node", () => {
    assert.deepEqual(withPath(relay.sources, /node_modules|runtime\/(?!lambda\/relay)/), []);
    assert.ok(relay.bytes < 8 * KB, `a relay has ${relay.bytes} bytes`);
  });

  it("load exporters and announcements only where there are any", () => {
    for (const { startSources } of [planner, worker]) {
      assert.deepEqual(withPath(startSources, /otlp|client-(sns|eventbridge)/), []);
    }
  });

  it("stay within their size", () => {
    assert.ok(planner.startBytes < 600 * KB, `a planner starts with ${planner.startBytes} bytes`);
    assert.ok(planner.bytes < 1_000 * KB, `a planner has ${planner.bytes} bytes`);
    assert.ok(campaign.bytes < 900 * KB, `campaigns have ${campaign.bytes} bytes`);
    assert.ok(worker.startBytes < 1_250 * KB, `a worker starts with ${worker.startBytes} bytes`);
    assert.ok(worker.bytes < 6_000 * KB, `a worker has ${worker.bytes} bytes`);
  });

  it("start about as fast as the SDK clients that they need", async () => {
    for (const [name, bound] of [
      ["planner", 3],
      ["worker", 5],
    ] as const) {
      const { bundle, bare } = await compareImports({ bundle: bundles.path(name), bare: bundles.barePath(name) }, 5);
      assert.ok(bundle.ms < bound * bare.ms, `${name}: ${bundle.ms} ms, bare clients ${bare.ms} ms`);
    }
  });

  it("have a handler", async () => {
    for (const name of ["planner", "worker", "campaign", "relay"] as const) {
      const module = (await import(bundles.path(name))) as { readonly handler: unknown };
      assert.equal(typeof module.handler, "function");
    }
  });
});

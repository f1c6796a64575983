import assert from "node:assert/strict";

import {
  DEPLOYMENTS,
  ENDPOINT_SLICES,
  MUTATING_WEBHOOKS,
  NAMESPACES,
  PODS,
  VALIDATING_WEBHOOKS,
  type SettingsInput,
} from "../../runtime/cycle/index.js";
import type { ApiObject } from "../../runtime/ports/index.js";
import { runFixture, type RunFixture } from "../run/fixture.js";
import { configuration, entry, namespace, slice } from "./builders.js";

const SERVICE = { namespace: "guard", name: "guard-svc" };
const AT = { name: "guard" };
const MINUTE_MS = 60_000;
const KEY = "ValidatingWebhookConfiguration/guard/validate.guard.test";
const REFUSED = 'failed calling webhook "validate.guard.test": connection refused';
const SETTINGS: SettingsInput = { webhooks: { restoreTimeoutSeconds: 60 } };

type Objects = RunFixture["cluster"]["objects"];

/** A cluster with one webhook whose backend runs on a node of a group. */
function guarded(fields: Parameters<typeof entry>[0] = {}) {
  const fixture = runFixture();
  const { objects } = fixture.cluster;
  for (const name of ["kube-system", "kube-node-lease", "guard", "shop"]) objects.put(NAMESPACES, namespace(name));
  objects.put(VALIDATING_WEBHOOKS, configuration([entry(fields)], { uid: "guard-1" }));
  serve(objects);
  return {
    ...fixture,
    objects,
    live: () => objects.get(VALIDATING_WEBHOOKS, AT),
    /** The first entry with other fields, as somebody with a text editor does. */
    edit: (changes: object) => objects.put(VALIDATING_WEBHOOKS, edited(objects, changes)),
    sleep: () => completed(fixture, "hibernated"),
    wake: (settings: SettingsInput = SETTINGS) => fixture.run("running", { operationId: "op-2", settings }),
  };
}

function edited(objects: Objects, changes: object): ApiObject {
  const live = objects.get(VALIDATING_WEBHOOKS, AT);
  assert.ok(live);
  const [first, ...rest] = live["webhooks"] as readonly object[];
  return { ...live, webhooks: [{ ...first, ...changes }, ...rest] };
}

async function completed(fixture: RunFixture, desired: "running" | "hibernated") {
  const report = await fixture.run(desired, { settings: SETTINGS });
  assert.equal(report.result, "completed", report.summary);
  return report;
}

const serve = (objects: Objects) => objects.put(ENDPOINT_SLICES, slice(SERVICE, [{ nodeName: "ip-10-0-0-1" }]));
const stopServing = (objects: Objects) => objects.put(ENDPOINT_SLICES, slice(SERVICE, []));

const fieldsOf = (object: ApiObject | undefined) =>
  (object?.["webhooks"] as readonly Record<string, unknown>[])[0] ?? {};

const BEFORE = entry();
const RELAXED = {
  matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "NotIn", values: ["guard", "kube-system"] }],
};

describe("webhooks in a cycle", () => {
  it("are relaxed while the cluster sleeps and are byte for byte as before once it is awake", async () => {
    const { sleep, wake, live } = guarded();
    await sleep();
    assert.deepEqual(fieldsOf(live()), { ...BEFORE, namespaceSelector: RELAXED });
    const report = await wake();
    assert.equal(report.result, "completed", report.summary);
    assert.deepEqual(fieldsOf(live()), BEFORE);
    assert.deepEqual(live()?.metadata.annotations ?? {}, {});
    assert.equal(report.relaxedWebhooks, undefined);
  });

  it("are relaxed before the first pod is evicted (H15)", async () => {
    const { sleep, world, cluster } = guarded();
    cluster.addDeployment({ name: "web", replicas: 3 });
    await sleep();
    const calls = world.mutations().map(({ call, target }) => `${call} ${target}`);
    const relaxed = calls.findIndex(
      (call) => call.includes("ValidatingWebhookConfiguration") || call.includes("validatingwebhook"),
    );
    const evicted = calls.findIndex((call) => call.startsWith("evict"));
    assert.ok(relaxed !== -1 && evicted !== -1 && relaxed < evicted, calls.join("\n"));
  });

  it("H17: are relaxed again when their controller puts them back during the drain", async () => {
    const { sleep, live, edit, world } = guarded();
    let isFought = false;
    world.onMutation(({ call }, moment) => {
      if (isFought || moment !== "after" || call !== "patchNode") return;
      isFought = true;
      edit({ namespaceSelector: {} });
    });
    await sleep();
    assert.ok(isFought);
    assert.deepEqual(fieldsOf(live())["namespaceSelector"], RELAXED);
  });

  it("H17: keep the cluster from being scaled down when somebody puts them back every time", async () => {
    const { run, objects, live, sizes } = guarded();
    let left = 20;
    objects.react(VALIDATING_WEBHOOKS, (_, controls) => {
      const isRelaxed = JSON.stringify(fieldsOf(live())).includes("NotIn");
      if (isRelaxed && (left -= 1) > 0) controls.put(VALIDATING_WEBHOOKS, edited(objects, { namespaceSelector: {} }));
    });
    const report = await run("hibernated", { settings: SETTINGS });
    assert.equal(report.failure?.code, "pause-failed", report.summary);
    assert.deepEqual((await sizes())["managed/general"], [1, 3, 6]);
  });

  it("W4: one that was added while the cluster slept is relaxed before the first instance, and given back", async () => {
    const { sleep, wake, objects, world } = guarded();
    await sleep();
    const added = configuration([entry({ name: "late.guard.test" })], { name: "late", uid: "late-1" });
    objects.put(VALIDATING_WEBHOOKS, added);
    const before = world.mutations().length;
    const report = await wake();
    assert.equal(report.result, "completed", report.summary);
    const [first] = world.mutations().slice(before);
    assert.match(JSON.stringify(first), /late/);
    const late = objects.get(VALIDATING_WEBHOOKS, { name: "late" });
    assert.deepEqual(late?.["webhooks"], added["webhooks"]);
    assert.deepEqual(late?.metadata.annotations ?? {}, {});
  });

  it("W4: a webhook that appears in a cluster that had none is relaxed and given back, too", async () => {
    const fixture = runFixture();
    await completed(fixture, "hibernated");
    const { objects } = fixture.cluster;
    objects.put(MUTATING_WEBHOOKS, configuration([entry()], { kind: "MutatingWebhookConfiguration", uid: "m-1" }));
    const seen: unknown[] = [];
    objects.react(MUTATING_WEBHOOKS, (object) => {
      seen.push(fieldsOf(object)["namespaceSelector"]);
      serve(objects);
    });
    const report = await completed(fixture, "running");
    assert.deepEqual(seen, [RELAXED, {}]);
    assert.equal(report.relaxedWebhooks, undefined);
  });

  it("S37: keep a bundle that was rotated while the cluster slept", async () => {
    const { sleep, wake, live, edit } = guarded();
    await sleep();
    const clientConfig = { ...BEFORE.clientConfig, caBundle: "TkVX" };
    edit({ clientConfig });
    assert.equal((await wake()).result, "completed");
    assert.deepEqual(fieldsOf(live()), { ...BEFORE, clientConfig });
  });

  it("S38: keep what a person changed while the cluster slept, which is reported", async () => {
    const { sleep, wake, live, edit } = guarded();
    await sleep();
    const theirs = { matchLabels: { "kubernetes.io/metadata.name": "shop" } };
    edit({ namespaceSelector: theirs, failurePolicy: "Ignore" });
    const report = await wake();
    assert.equal(report.result, "completed", report.summary);
    assert.deepEqual(fieldsOf(live()), { ...BEFORE, namespaceSelector: theirs, failurePolicy: "Ignore" });
    assert.match(report.drift.join(), /namespaceSelector was changed by somebody/);
  });

  it("S38: give back what a person set even when that would have kept the cluster from waking", async () => {
    const { sleep, wake, live, edit } = guarded();
    await sleep();
    const theirs = { matchExpressions: [{ key: "team", operator: "DoesNotExist" }] };
    edit({ namespaceSelector: theirs });
    const report = await wake();
    assert.equal(report.result, "completed", report.summary);
    assert.deepEqual(fieldsOf(live())["namespaceSelector"], theirs);
    assert.match(report.drift.join(), /was changed by somebody after Curfew had relaxed it/);
  });

  it("S38: a configuration that was made anew is as its maker made it", async () => {
    const { sleep, wake, live, objects } = guarded();
    await sleep();
    objects.remove(VALIDATING_WEBHOOKS, AT);
    const anew = configuration([entry({ timeoutSeconds: 7 })], { uid: "guard-2" });
    objects.put(VALIDATING_WEBHOOKS, anew);
    const report = await wake();
    assert.equal(report.result, "completed", report.summary);
    assert.equal(live()?.metadata.uid, "guard-2");
    assert.deepEqual(live()?.["webhooks"], anew["webhooks"]);
    assert.match(report.drift.join(), /made anew/);
  });

  it("S39: asked by URL, managed by EKS or served from Fargate, are not written to", async () => {
    const { cluster, run, world, objects } = guarded();
    objects.put(
      VALIDATING_WEBHOOKS,
      configuration([entry({ clientConfig: { url: "https://x.test" } })], { uid: "guard-1" }),
    );
    objects.put(VALIDATING_WEBHOOKS, configuration([entry()], { name: "vpc-resource-validating-webhook" }));
    const fargate = entry({ clientConfig: { service: { namespace: "guard", name: "far" } } });
    objects.put(MUTATING_WEBHOOKS, configuration([fargate], { kind: "MutatingWebhookConfiguration", name: "far" }));
    objects.put(ENDPOINT_SLICES, slice({ namespace: "guard", name: "far" }, [{ nodeName: "fargate-1" }]));
    assert.equal((await run("hibernated", { settings: SETTINGS })).result, "completed");
    assert.equal((await run("running", { settings: SETTINGS })).result, "completed");
    assert.doesNotMatch(JSON.stringify(world.mutations()), /[Ww]ebhook/);
    assert.ok(cluster);
  });

  it("are left alone and named when settings say report, and not even looked at when they say off", async () => {
    for (const mode of ["report", "off"] as const) {
      const { run, live, objects } = guarded();
      if (mode === "off") objects.forbid(VALIDATING_WEBHOOKS, ["list"]);
      const settings = { measures: { webhooks: mode } };
      const report = await run("hibernated", { settings });
      assert.equal(report.result, "completed", report.summary);
      assert.deepEqual(fieldsOf(live()), BEFORE);
      assert.equal(report.warnings.join().includes("left alone, as settings say"), mode === "report");
      assert.equal((await run("running", { settings })).result, "completed");
    }
  });
});

describe("giving webhooks back", () => {
  it("waits until the backend has served for 10 s", async () => {
    const { sleep, wake, live, objects, ports, world } = guarded();
    await sleep();
    stopServing(objects);
    const restoredAt: number[] = [];
    let servedAt = 0;
    world.onMutation(({ call }, moment) => {
      if (
        moment === "after" &&
        call === "patchObject" &&
        Object.keys(fieldsOf(live())["namespaceSelector"] ?? {}).length === 0
      )
        restoredAt.push(ports.clock.now());
    });
    void ports.clock.sleep(4 * MINUTE_MS).then(() => {
      servedAt = ports.clock.now();
      serve(objects);
    });
    const report = await wake({ webhooks: { restoreTimeoutSeconds: 600 } });
    assert.equal(report.result, "completed", report.summary);
    assert.deepEqual(fieldsOf(live()), BEFORE);
    const [first = 0] = restoredAt;
    assert.ok(servedAt > 0 && first - servedAt >= 10_000, `served at ${servedAt}, given back at ${first}`);
  });

  it("S48: one that does not answer though its pod is ready is relaxed again, and the status says so", async () => {
    const { sleep, wake, live, objects, ports } = guarded();
    await sleep();
    objects.answerRehearsals(PODS, { kind: "webhook-failed", message: REFUSED });
    const report = await wake();
    assert.equal(report.result, "partial");
    assert.equal(report.failure?.code, "webhooks-relaxed");
    assert.equal(report.reached, "running");
    assert.deepEqual(fieldsOf(live()), { ...BEFORE, namespaceSelector: RELAXED });
    assert.deepEqual(
      report.relaxedWebhooks?.map(({ webhook, why }) => [webhook, why]),
      [[KEY, REFUSED]],
    );
    assert.match(report.warnings.join(), /has been relaxed for/);
    const stored = await ports.store.readCluster(report.clusterId);
    assert.match(stored?.reached ?? "", /relaxedWebhooks/);
  });

  it("S48: the next run gives it back, and only then the cycle ends; with time it is an alarm", async () => {
    const { sleep, wake, live, objects, ports } = guarded();
    await sleep();
    stopServing(objects);
    assert.equal((await wake()).failure?.code, "webhooks-relaxed");
    await ports.clock.sleep(90 * MINUTE_MS);
    const second = await wake();
    assert.match(second.warnings.join("\n"), /ALARM: .*guard\/validate\.guard\.test has been relaxed for/);
    assert.ok(await ports.store.readCycle(second.clusterId));
    serve(objects);
    const third = await wake();
    assert.equal(third.result, "completed", third.summary);
    assert.deepEqual(fieldsOf(live()), BEFORE);
    assert.equal(await ports.store.readCycle(third.clusterId), undefined);
  });

  it("counts a denial as an answer, and says when nothing could be tried", async () => {
    const denied = guarded();
    await denied.sleep();
    denied.objects.answerRehearsals(PODS, {
      kind: "denied",
      message: 'admission webhook "validate.guard.test" denied the request: no',
    });
    assert.equal((await denied.wake()).result, "completed");

    const forbidden = guarded();
    await forbidden.sleep();
    forbidden.objects.answerRehearsals(PODS, { kind: "forbidden", message: "cannot create resource pods" });
    const report = await forbidden.wake();
    assert.equal(report.result, "completed");
    assert.match(report.warnings.join(), /could not be tried out: cannot create resource pods/);
  });

  it("after a hibernate that was taken back does not wait, and leaves nothing relaxed", async () => {
    const { cluster, run, live } = guarded();
    cluster.addDeployment({ name: "web", replicas: 3 });
    cluster.putBudget({ name: "web", minAvailable: 3 });
    const report = await run("hibernated", { settings: { ...SETTINGS, drain: { timeoutSeconds: 30 } } });
    assert.equal(report.result, "blocked");
    assert.equal(report.reached, "running");
    assert.deepEqual(fieldsOf(live()), BEFORE);
  });
});

describe("pods made while a mutating webhook was not asked (W16)", () => {
  async function wakeWithPod(restartUnprotected: boolean) {
    const fixture = runFixture();
    const { objects } = fixture.cluster;
    objects.put(NAMESPACES, namespace("kube-system"));
    objects.put(MUTATING_WEBHOOKS, configuration([entry()], { kind: "MutatingWebhookConfiguration", uid: "m-1" }));
    serve(objects);
    await completed(fixture, "hibernated");
    fixture.cluster.addDeployment({ namespace: "kube-system", name: "agent", replicas: 1 });
    const webhooks = { restoreTimeoutSeconds: 60, restartUnprotected };
    const report = await fixture.run("running", { operationId: "op-2", settings: { webhooks } });
    assert.equal(report.result, "completed", report.summary);
    const owner = objects.get(DEPLOYMENTS, { namespace: "kube-system", name: "agent" });
    return { warnings: report.warnings.join("\n"), owner: JSON.stringify(owner) };
  }

  it("are named, and left as they are", async () => {
    const { warnings, owner } = await wakeWithPod(false);
    assert.match(warnings, /was not asked about 1 pod\(s\).*kube-system\/agent-/);
    assert.doesNotMatch(owner, /restartedAt/);
  });

  it("are made anew when settings ask for it", async () => {
    const { warnings, owner } = await wakeWithPod(true);
    assert.match(warnings, /Deployment kube-system\/agent was restarted/);
    assert.match(owner, /restartedAt/);
  });
});

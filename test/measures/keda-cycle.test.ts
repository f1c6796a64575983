import assert from "node:assert/strict";

import { SCALED_JOBS, SCALED_OBJECTS } from "../../runtime/cycle/index.js";
import type { ResourceType } from "../../runtime/ports/index.js";
import { runFixture, type RunFixture } from "../run/fixture.js";

const HPAS: ResourceType = {
  group: "autoscaling",
  versions: ["v2"],
  plural: "horizontalpodautoscalers",
  kind: "HorizontalPodAutoscaler",
  isNamespaced: true,
};
const PAUSED = "autoscaling.keda.sh/paused";
const settings = { nodesStableSeconds: 1, pollSeconds: 1 };

/** A cluster with KEDA's operator: it says so when a scaler is paused. */
function withKeda(): RunFixture {
  const fixture = runFixture();
  const { objects } = fixture.cluster;
  fixture.cluster.addDeployment({ name: "keda-operator", namespace: "keda", replicas: 1 });
  objects.react(SCALED_OBJECTS, (scaler) => {
    const status = scaler.metadata.annotations?.[PAUSED] === "true" ? "True" : "False";
    if (JSON.stringify(scaler["status"] ?? {}).includes(`"${status}"`)) return;
    fixture.cluster.after(500, () => {
      const live = objects.get(SCALED_OBJECTS, scaler.metadata);
      if (live) objects.put(SCALED_OBJECTS, { ...live, status: { conditions: [{ type: "Paused", status }] } });
    });
  });
  return fixture;
}

describe("KEDA over a night", () => {
  it("S43: one paused by a person is still paused after the wake, ours are not", async () => {
    const fixture = withKeda();
    const { objects } = fixture.cluster;
    const theirs = { [PAUSED]: "true", "autoscaling.keda.sh/paused-replicas": "2" };
    objects.put(SCALED_OBJECTS, { metadata: { namespace: "shop", name: "theirs", annotations: theirs } });
    objects.put(SCALED_OBJECTS, { metadata: { namespace: "shop", name: "ours" } });
    objects.put(SCALED_JOBS, { metadata: { namespace: "shop", name: "batch" } });
    const annotations = (type: ResourceType, name: string) =>
      objects.get(type, { namespace: "shop", name })?.metadata.annotations;
    const asleep = await fixture.run("hibernated", { settings });
    assert.equal(asleep.result, "completed", asleep.summary);
    assert.equal(annotations(SCALED_OBJECTS, "ours")?.[PAUSED], "true");
    assert.equal(annotations(SCALED_JOBS, "batch")?.[PAUSED], "true");
    const awake = await fixture.run("running", { settings, operationId: "op-2" });
    assert.equal(awake.result, "completed", awake.summary);
    assert.deepEqual(annotations(SCALED_OBJECTS, "theirs"), theirs);
    assert.equal(annotations(SCALED_OBJECTS, "ours"), undefined);
    assert.equal(annotations(SCALED_JOBS, "batch"), undefined);
  });

  it("H19: is paused and has said so before the first eviction", async () => {
    const fixture = withKeda();
    fixture.cluster.addDeployment({ name: "web", replicas: 2 });
    fixture.cluster.objects.put(SCALED_OBJECTS, { metadata: { namespace: "shop", name: "ours" } });
    const atEviction: unknown[] = [];
    fixture.world.onMutation(({ call }, moment) => {
      if (call !== "evict" || moment !== "before") return;
      atEviction.push(fixture.cluster.objects.get(SCALED_OBJECTS, { namespace: "shop", name: "ours" })?.["status"]);
    });
    await fixture.run("hibernated", { settings });
    assert.deepEqual(atEviction[0], { conditions: [{ type: "Paused", status: "True" }] });
  });

  it("that does not follow is named, and the night goes on", async () => {
    const fixture = runFixture();
    fixture.cluster.objects.put(SCALED_OBJECTS, { metadata: { namespace: "shop", name: "ours" } });
    const report = await fixture.run("hibernated", { settings });
    assert.equal(report.result, "completed", report.summary);
    assert.match(report.warnings.join(" "), /KEDA has not confirmed the pause of shop\/ours/);
  });

  it("W20: comes back only once its target has the replicas that it had before", async () => {
    const fixture = withKeda();
    const owner = fixture.cluster.addDeployment({ name: "web", replicas: 3 });
    fixture.cluster.putBudget({ name: "web", minAvailable: 2 });
    fixture.cluster.objects.put(SCALED_OBJECTS, { metadata: { namespace: "shop", name: "ours" } });
    const drain = { policy: "scale-owners", timeoutSeconds: 120 } as const;
    await fixture.run("hibernated", { settings: { ...settings, drain } });
    const replicas: Promise<number | undefined>[] = [];
    fixture.world.onMutation(({ target }, moment) => {
      if (moment === "before" && target.includes("ScaledObject"))
        replicas.push(fixture.cluster.kubernetes.readOwner(owner).then((live) => live?.replicas));
    });
    const awake = await fixture.run("running", { settings, operationId: "op-2" });
    assert.equal(awake.result, "completed", awake.summary);
    assert.deepEqual(await Promise.all(replicas), [3]);
  });

  it("H10: HPAs are read by nobody and changed by nobody", async () => {
    const fixture = withKeda();
    fixture.cluster.objects.put(HPAS, { metadata: { namespace: "shop", name: "web" }, spec: { minReplicas: 2 } });
    fixture.cluster.objects.forbid(HPAS, ["get", "list", "patch", "delete", "create"]);
    const before = fixture.cluster.objects.get(HPAS, { namespace: "shop", name: "web" });
    const asleep = await fixture.run("hibernated", { settings });
    const awake = await fixture.run("running", { settings, operationId: "op-2" });
    assert.deepEqual([asleep.result, awake.result], ["completed", "completed"]);
    assert.doesNotMatch([...asleep.warnings, ...awake.warnings].join(" "), /horizontalpodautoscalers/);
    assert.deepEqual(fixture.cluster.objects.get(HPAS, { namespace: "shop", name: "web" }), before);
  });
});

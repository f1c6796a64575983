import assert from "node:assert/strict";

import { ENDPOINT_SLICES, VOLUME_ATTACHMENTS } from "../../runtime/cycle/index.js";
import type { MemoryCluster } from "../../runtime/adapters/memory/cluster.js";
import { awaitEmptyStep } from "../../runtime/run/steps/await-empty.js";
import type { StepOutcome } from "../../runtime/run/context.js";
import { stepFixture } from "./step-context.js";

const BY_SELECTOR = { "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io" };
const BY_HAND = { "endpointslice.kubernetes.io/managed-by": "somebody" };

function toZero(cluster: MemoryCluster): void {
  cluster.setSizeByHand("managed/general", { min: 0, desired: 0, max: 6 });
  cluster.setSizeByHand("asg/batch", { min: 0, desired: 0, max: 4 });
}

function putSlice(cluster: MemoryCluster, name: string, nodeName: string, labels: Readonly<Record<string, string>>) {
  cluster.objects.put(ENDPOINT_SLICES, {
    metadata: { name, namespace: "shop", labels: { ...labels, "kubernetes.io/service-name": name } },
    endpoints: [{ addresses: ["10.0.0.1"], nodeName, conditions: { ready: true } }],
  });
}

function putAttachment(cluster: MemoryCluster, name: string, nodeName: string) {
  cluster.objects.put(VOLUME_ATTACHMENTS, { metadata: { name }, spec: { attacher: "ebs.csi.aws.com", nodeName } });
}

function messageOf(outcome: StepOutcome): string {
  assert.equal(outcome.kind, "stopped");
  assert.equal(outcome.failure.code, "not-empty");
  return outcome.failure.message;
}

describe("waiting until nothing is left", () => {
  it("is done once instances, nodes, endpoints and attachments are gone, with one list of each", async () => {
    const { cluster, observe } = stepFixture();
    const context = await observe();
    const { kubernetes } = context;
    const listed: string[] = [];
    const list: typeof kubernetes.objects.list = (type, options) => {
      listed.push(type.plural);
      return kubernetes.objects.list(type, options);
    };
    toZero(cluster);
    const counting = { ...context, kubernetes: { ...kubernetes, objects: { ...kubernetes.objects, list } } };
    assert.deepEqual(await awaitEmptyStep(counting), { kind: "done" });
    assert.deepEqual(context.notes.warnings, []);
    assert.deepEqual(listed.sort(), ["endpointslices", "volumeattachments"]);
  });

  it("H32: an instance that was detached from its group and runs on is named", async () => {
    const { cluster, observe } = stepFixture();
    const context = await observe();
    const [id = ""] = context.observation.instances.flatMap(({ instances }) => instances.map((one) => one.id));
    cluster.loseInstance(id, "running");
    toZero(cluster);
    assert.match(messageOf(await awaitEmptyStep(context)), new RegExp(`1 instance.* did not end: ${id} \\(running\\)`));
  });

  it("goes on without that proof, and says so, where the role may not ask EC2", async () => {
    const { cluster, observe } = stepFixture();
    const context = await observe();
    toZero(cluster);
    cluster.faults.begin("permission-denied", ["instanceStates"]);
    assert.deepEqual(await awaitEmptyStep(context), { kind: "done" });
    assert.match(context.notes.warnings.join(), /EC2 could not be asked/);
  });

  it("names the Node that stays behind when its instance is gone", async () => {
    const { cluster, observe } = stepFixture();
    const context = await observe();
    const [node] = context.observation.nodes;
    assert.ok(node);
    cluster.loseInstance(node.instanceId ?? "", "terminated");
    toZero(cluster);
    assert.match(messageOf(await awaitEmptyStep(context)), new RegExp(`still lists ${node.name}`));
  });

  it("H33: waits until no service with a selector points to a gone node; other people's endpoints do not count", async () => {
    const { cluster, observe, nowMs } = stepFixture();
    const context = await observe();
    const [node] = context.observation.nodes;
    assert.ok(node);
    putSlice(cluster, "web", node.name, BY_SELECTOR);
    putSlice(cluster, "legacy", node.name, BY_HAND);
    toZero(cluster);
    cluster.after(200_000, () => cluster.objects.remove(ENDPOINT_SLICES, { namespace: "shop", name: "web" }));
    const startedAt = nowMs();
    assert.deepEqual(await awaitEmptyStep(context), { kind: "done" });
    assert.ok(nowMs() - startedAt >= 200_000);
  });

  it("H32: names the volume that stays attached to a gone node, and only that", async () => {
    const { cluster, observe } = stepFixture();
    const context = await observe();
    const [node] = context.observation.nodes;
    assert.ok(node);
    cluster.addNode({ name: "elsewhere" });
    putAttachment(cluster, "csi-left", node.name);
    putAttachment(cluster, "csi-elsewhere", "elsewhere");
    toZero(cluster);
    const message = messageOf(await awaitEmptyStep(context));
    assert.match(message, new RegExp(`volume attachment csi-left \\(${node.name}\\)`));
    assert.doesNotMatch(message, /csi-elsewhere/);
  });

  it("skips what RBAC hides, with one warning each", async () => {
    const { cluster, observe } = stepFixture();
    const context = await observe();
    putAttachment(cluster, "csi-left", "nobody");
    cluster.objects.forbid(VOLUME_ATTACHMENTS, ["list"]);
    putSlice(cluster, "web", "nobody", BY_SELECTOR);
    toZero(cluster);
    cluster.after(200_000, () => cluster.objects.remove(ENDPOINT_SLICES, { namespace: "shop", name: "web" }));
    assert.deepEqual(await awaitEmptyStep(context), { kind: "done" });
    assert.equal(context.notes.warnings.length, 1);
    assert.match(context.notes.warnings[0] ?? "", /Not verified.*volumeattachments/);
  });
});

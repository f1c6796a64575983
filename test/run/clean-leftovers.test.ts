import assert from "node:assert/strict";

import { PODS, VOLUME_ATTACHMENTS } from "../../runtime/cycle/index.js";
import type { MemoryCluster } from "../../runtime/adapters/memory/cluster.js";
import { cleanLeftoversStep } from "../../runtime/run/steps/clean-leftovers.js";
import { stepFixture } from "./step-context.js";

const NODES = { group: "", versions: ["v1"], plural: "nodes", kind: "Node", isNamespaced: false } as const;

function putAttachment(cluster: MemoryCluster, name: string, nodeName: string): void {
  cluster.objects.put(VOLUME_ATTACHMENTS, { metadata: { name }, spec: { attacher: "ebs.csi.aws.com", nodeName } });
}

function attachments(cluster: MemoryCluster): readonly string[] {
  return cluster.objects.all(VOLUME_ATTACHMENTS).map(({ metadata }) => metadata.name);
}

async function nodeNames({ kubernetes }: MemoryCluster): Promise<readonly string[]> {
  return (await kubernetes.listNodes()).map(({ name }) => name);
}

describe("cleaning what the night left", () => {
  it("W27: removes a Node whose instance EC2 shows terminated, and the attachments to it", async () => {
    const { cluster, observe } = stepFixture();
    const before = await observe();
    const [node] = before.observation.nodes;
    assert.ok(node);
    cluster.loseInstance(node.instanceId ?? "", "terminated");
    putAttachment(cluster, "csi-left", node.name);
    const context = await observe();
    const outcome = await cleanLeftoversStep(context);
    assert.deepEqual(outcome, { kind: "done", detail: "removed 1 Node(s), 1 volume attachment(s)" });
    assert.ok(!(await nodeNames(cluster)).includes(node.name));
    assert.deepEqual(attachments(cluster), []);
    assert.deepEqual(await cleanLeftoversStep(context), { kind: "done", detail: "nothing was left" });
  });

  for (const state of ["running", "stopped", "shutting-down"] as const) {
    it(`W27: leaves a silent Node and its attachments alone while its instance is ${state}`, async () => {
      const { cluster, observe } = stepFixture();
      const before = await observe();
      const [node] = before.observation.nodes;
      assert.ok(node);
      cluster.loseInstance(node.instanceId ?? "", state);
      putAttachment(cluster, "csi-in-use", node.name);
      assert.deepEqual(await cleanLeftoversStep(await observe()), { kind: "done", detail: "nothing was left" });
      assert.ok((await nodeNames(cluster)).includes(node.name));
      assert.deepEqual(attachments(cluster), ["csi-in-use"]);
    });
  }

  it("W27: of attachments to absent nodes it removes those whose instance is proven terminated, and names the others", async () => {
    const { cluster, observe } = stepFixture();
    putAttachment(cluster, "csi-proven", "i-0aaaaaaaaaaaaaaaa.eu-west-1.compute.internal");
    putAttachment(cluster, "csi-unproven", "ip-10-9-9-9.eu-west-1.compute.internal");
    const context = await observe();
    await cleanLeftoversStep(context);
    assert.deepEqual(attachments(cluster), ["csi-unproven"]);
    assert.match(
      context.notes.warnings.join(),
      /csi-unproven \(ip-10-9-9-9.*nothing proves|nothing proves.*csi-unproven/,
    );
  });

  it("removes failed pods of nodes that are gone, and no others", async () => {
    const { cluster, observe } = stepFixture();
    const [node = ""] = await nodeNames(cluster);
    cluster.addBarePod({ name: "lost", nodeName: "gone-node", phase: "Failed" });
    cluster.addBarePod({ name: "crashed", nodeName: node, phase: "Failed" });
    cluster.addBarePod({ name: "finished", nodeName: "gone-node", phase: "Succeeded" });
    assert.deepEqual(await cleanLeftoversStep(await observe()), { kind: "done", detail: "removed 1 pod(s)" });
    assert.deepEqual(
      cluster.allPods().map(({ name }) => name),
      ["crashed", "finished"],
    );
  });

  it("never stops a wake: what it may not see or remove is said", async () => {
    const { cluster, observe } = stepFixture();
    const [node] = (await observe()).observation.nodes;
    assert.ok(node);
    cluster.loseInstance(node.instanceId ?? "", "terminated");
    cluster.objects.forbid(NODES, ["delete"]);
    cluster.objects.forbid(PODS, ["list"]);
    const context = await observe();
    assert.equal((await cleanLeftoversStep(context)).kind, "done");
    assert.match(context.notes.warnings.join("\n"), /may not list pods/);
    assert.match(context.notes.warnings.join("\n"), /1 leftover Node\(s\) could not be removed/);
  });
});

import assert from "node:assert/strict";

import { runFixture } from "./fixture.js";

const NODES = { group: "", versions: ["v1"], plural: "nodes", kind: "Node", isNamespaced: false };

describe("what the night takes for good", () => {
  it("H3: names pods that nothing recreates and labels that no new node carries, but not those of the launch template", async () => {
    const size = { min: 1, desired: 1, max: 2 };
    const { cluster, run } = runFixture({ groups: [{ name: "general", size, nodeLabels: { team: "pay" } }] });
    const [node] = await cluster.kubernetes.listNodes();
    assert.ok(node);
    cluster.addBarePod({ name: "pet", nodeName: node.name });
    const settings = { drain: { deleteUnmanagedPods: true } };
    await run("hibernated", { settings });
    const woken = await run("running", { operationId: "op-2", settings });
    assert.equal(woken.result, "completed", woken.summary);
    assert.match(woken.drift.join("\n"), /Gone with the night, since nothing recreates them: default\/pet\./);
    assert.doesNotMatch(woken.drift.join("\n"), /team/);
  });

  it("H3: names a label that somebody put on one node by hand", async () => {
    const { cluster, run } = runFixture();
    const [node] = await cluster.kubernetes.listNodes();
    assert.ok(node);
    const ref = { type: NODES, namespace: null, name: node.name, uid: node.uid };
    await cluster.kubernetes.objects.patch(ref, [{ op: "add", path: "/metadata/labels/rack", value: "7" }]);
    await run("hibernated");
    const woken = await run("running", { operationId: "op-2" });
    assert.match(
      woken.drift.join("\n"),
      new RegExp(`no new node carries: ${node.name.replaceAll(".", "\\.")} \\(rack\\)`),
    );
  });
});

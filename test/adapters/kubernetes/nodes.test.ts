import assert from "node:assert/strict";
import { useKubernetes } from "./start-kubernetes.js";
import { statusBody, type Reply } from "./stub-api-server.js";

describe("patching nodes", () => {
  const start = useKubernetes();

  const node = (unschedulable: boolean) => ({ metadata: { name: "n1", labels: {} }, spec: { unschedulable } });

  it("sends only what changes, as a strategic merge patch (safe-cycle 17, 19)", async () => {
    const { kubernetes, server } = await start(() => ({ body: node(true) }));
    assert.equal(await kubernetes.patchNode("n1", { unschedulable: true }), "changed");
    assert.equal(await kubernetes.patchNode("n2", { excludeFromLoadBalancers: false }), "changed");
    assert.deepEqual(
      server.asked.map(({ method, path, body }) => ({ method, path, body })),
      [
        { method: "PATCH", path: "/api/v1/nodes/n1", body: { spec: { unschedulable: true } } },
        {
          method: "PATCH",
          path: "/api/v1/nodes/n2",
          body: { metadata: { labels: { "node.kubernetes.io/exclude-from-external-load-balancers": null } } },
        },
      ],
    );
    assert.equal(server.asked[0]?.contentType, "application/strategic-merge-patch+json");
  });

  it("asks nothing of a node that has it already", async () => {
    const { kubernetes, server } = await start(({ method }) =>
      method === "GET" ? { body: { kind: "NodeList", metadata: {}, items: [node(true)] } } : { body: node(false) },
    );
    await kubernetes.listNodes();
    await kubernetes.patchNode("n1", { unschedulable: true });
    assert.deepEqual(
      server.asked.map(({ method }) => method),
      ["GET"],
    );
    await kubernetes.patchNode("n1", { unschedulable: false });
    await kubernetes.patchNode("n1", { unschedulable: false });
    assert.deepEqual(
      server.asked.map(({ method }) => method),
      ["GET", "PATCH"],
    );
  });

  it("repeats after a conflict with another writer (safe-cycle 17)", async () => {
    const faults: Reply[] = [{ status: 409, body: statusBody(409, "the object has been modified") }];
    const { kubernetes } = await start(() => faults.shift() ?? { body: node(true) });
    assert.equal(await kubernetes.patchNode("n1", { unschedulable: true }), "changed");
  });

  it("says when the node is gone", async () => {
    const { kubernetes } = await start(() => ({ status: 404, body: statusBody(404, "not found") }));
    assert.equal(await kubernetes.patchNode("n1", { unschedulable: true }), "gone");
  });
});

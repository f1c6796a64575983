import assert from "node:assert/strict";

import { judgeEviction } from "../../runtime/adapters/kubernetes/judge-eviction.js";
import { readServerAnswer } from "../../runtime/adapters/kubernetes/server-answer.js";
import { startControlPlane, type ControlPlane } from "../lab/index.js";
import { freshNamespace, pod } from "../lab/workload.js";
import { sendRaw } from "./raw-request.js";

/** What the port hides and the twin therefore has no counterpart of: the server's own words on the wire. */
describe("Kubernetes on the wire", function () {
  this.timeout(60_000);
  let cluster: ControlPlane;

  before(async () => {
    cluster = await startControlPlane({ kubelet: "fake" });
  });
  after(() => cluster.stop());

  /** Asks for the eviction of the pod `asked` in a body that names `named`. */
  async function evict(asked: string, named: string) {
    const { admin } = cluster;
    const namespace = await freshNamespace(admin);
    await admin.core.createNamespacedPod({ namespace, body: pod({ namespace, name: asked }) });
    return sendRaw(admin, "POST", `/api/v1/namespaces/${namespace}/pods/${asked}/eviction`, {
      apiVersion: "policy/v1",
      kind: "Eviction",
      metadata: { namespace, name: named },
    });
  }

  it("T20: answers an accepted eviction with 201 and a Status, not with an Eviction", async () => {
    const { status, body } = await evict("web", "web");
    assert.equal(status, 201);
    const { kind, status: word, code } = body as Readonly<Record<string, unknown>>;
    assert.deepEqual([kind, word, code], ["Status", "Success", 201]);
  });

  it("T20: answers 400 when path and body name different pods, which no second try mends", async () => {
    const { status, body } = await evict("web", "other");
    assert.equal(status, 400);
    assert.equal(judgeEviction(readServerAnswer(status, body)).kind, "forbidden");
  });
});

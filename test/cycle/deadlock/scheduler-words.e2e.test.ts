import assert from "node:assert/strict";

import {
  findDeadlocks,
  readFailedCreates,
  readUnscheduled,
  surveyOf,
  type Deadlock,
} from "../../../runtime/cycle/index.js";
import type { ApiObject } from "../../../runtime/ports/index.js";
import { startControlPlane, type ControlPlane } from "../../lab/index.js";
import { until } from "../../lab/until.js";
import { deployment, freshNamespace, pod, type PodOptions } from "../../lab/workload.js";

const NOTHING = { failedCreates: [], unscheduled: [], volumes: surveyOf([]), groups: [], taints: ["gpu: true"] };

describe("the words of a real scheduler and real controllers", function () {
  this.timeout(120_000);
  let cluster: ControlPlane;
  let namespace: string;

  before(async () => {
    cluster = await startControlPlane({ kubelet: "fake", countCalls: false });
    const { core } = cluster.admin;
    const taints = [{ key: "gpu", value: "true", effect: "NoSchedule" }];
    const labels = { "lab/kubelet": "fake" };
    await core.createNode({ body: { metadata: { name: "plain", labels } } });
    await core.createNode({
      body: { metadata: { name: "gpu", labels: { ...labels, kind: "gpu" } }, spec: { taints } },
    });
    await cluster.waitForNodes(2);
    namespace = await freshNamespace(cluster.admin);
  });
  after(() => cluster.stop());

  /** The kind of cause that is read out of the scheduler's words, once it has seen both nodes Ready. */
  async function untilBlamed(kind: Deadlock["kind"], options: PodOptions): Promise<Deadlock> {
    const name = `waits-for-${kind}`;
    await cluster.admin.core.createNamespacedPod({ namespace, body: pod({ namespace, name }, options) });
    return until(async () => {
      const seen = await cluster.admin.core.readNamespacedPod({ namespace, name });
      const unscheduled = readUnscheduled([JSON.parse(JSON.stringify(seen)) as ApiObject]);
      const [found] = findDeadlocks({ ...NOTHING, unscheduled });
      return found?.kind === kind && found;
    }, 30_000);
  }

  it("W10: are understood when no node has room", async () => {
    assert.match((await untilBlamed("no-room", { cpu: "1000" })).cause, /Insufficient cpu/);
  });

  it("W10: are understood when no node has the label", async () => {
    assert.match((await untilBlamed("no-such-node", { nodeSelector: { kind: "tpu" } })).cause, /node selector/);
  });

  it("W10: are understood when every node that would do is tainted", async () => {
    await cluster.admin.core.deleteNode({ name: "plain" });
    assert.match((await untilBlamed("taint", { cpu: "10m" })).cause, /gpu: true/);
  });

  it("W10: are understood when the namespace does not admit a controller's pods", async () => {
    const { core, apps } = cluster.admin;
    const strict = "strict";
    const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
    await core.createNamespace({ body: { metadata: { name: strict, labels } } });
    await apps.createNamespacedDeployment({
      namespace: strict,
      body: deployment({ namespace: strict, name: "web" }, 1),
    });
    const [failed] = await until(async () => {
      const { items } = await core.listNamespacedEvent({ namespace: strict, fieldSelector: "reason=FailedCreate" });
      const read = readFailedCreates(JSON.parse(JSON.stringify(items)) as ApiObject[], Date.now());
      return read.length > 0 && read;
    }, 30_000);
    assert.ok(failed);
    const [found] = findDeadlocks({ ...NOTHING, failedCreates: [failed] });
    assert.equal(found?.owner, "Deployment strict/web");
    assert.match(found.cause, /violates PodSecurity/);
  });
});

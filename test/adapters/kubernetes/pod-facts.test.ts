import assert from "node:assert/strict";
import { loadYaml, type V1Pod } from "@kubernetes/client-node";
import { readPodFacts } from "../../../runtime/adapters/kubernetes/pod-facts.js";
import type { PodFacts } from "../../../runtime/ports/index.js";

/** Facts of a pod that the API server wrote so. */
function factsOf(metadata: object, spec: object = {}): PodFacts {
  const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "p", namespace: "n", uid: "u", ...metadata }, spec };
  return readPodFacts(loadYaml<V1Pod>(JSON.stringify(pod)));
}

function owner(kind: string, controller: boolean) {
  return { apiVersion: "apps/v1", kind, name: "o", uid: "ou", controller };
}

describe("a pod's facts", () => {
  it("tells a deletion's deadline as the server stores it (safe-cycle 11)", () => {
    const facts = factsOf({ deletionTimestamp: "2026-01-01T00:00:30Z" });
    assert.equal(facts.deletionAt, Date.parse("2026-01-01T00:00:30Z"));
  });

  it("knows mirror pods by annotation and by owner (safe-cycle 6)", () => {
    assert.equal(factsOf({ annotations: { "kubernetes.io/config.mirror": "x" } }).isMirror, true);
    assert.equal(factsOf({ ownerReferences: [owner("Node", true)] }).isMirror, true);
    assert.equal(factsOf({}).isMirror, false);
  });

  it("names the controller, not any other owner", () => {
    const facts = factsOf({ ownerReferences: [owner("ConfigMap", false), owner("ReplicaSet", true)] });
    assert.equal(facts.controller?.kind, "ReplicaSet");
    assert.equal(factsOf({ ownerReferences: [owner("ConfigMap", false)] }).controller, null);
  });

  it("tells emptyDir of any medium from hostPath (safe-cycle 9)", () => {
    const memory = factsOf({}, { volumes: [{ name: "v", emptyDir: { medium: "Memory" } }] });
    const host = factsOf({}, { volumes: [{ name: "v", hostPath: { path: "/var" } }] });
    assert.deepEqual([memory.hasEmptyDir, memory.hasHostPath], [true, false]);
    assert.deepEqual([host.hasEmptyDir, host.hasHostPath], [false, true]);
  });

  it("names the claims that it mounts, those of ephemeral volumes included (safe-cycle 44)", () => {
    const volumes = [
      { name: "data", persistentVolumeClaim: { claimName: "data-db-0" } },
      { name: "scratch", ephemeral: { volumeClaimTemplate: { spec: {} } } },
      { name: "tmp", emptyDir: {} },
    ];
    assert.deepEqual(factsOf({ name: "db-0" }, { volumes }).claims, ["data-db-0", "db-0-scratch"]);
    assert.deepEqual(factsOf({}).claims, []);
  });

  it("keeps a grace of zero apart from an absent one (safe-cycle 24)", () => {
    assert.equal(factsOf({}, { terminationGracePeriodSeconds: 0 }).graceSeconds, 0);
    assert.equal(factsOf({}).graceSeconds, 30);
  });

  it("knows pods that would bind to a cordoned node again (safe-cycle 13)", () => {
    const tolerates = (toleration: object) => factsOf({}, { tolerations: [toleration] }).toleratesEverything;
    assert.equal(tolerates({ operator: "Exists" }), true);
    assert.equal(tolerates({ operator: "Exists", effect: "NoExecute" }), false);
    assert.equal(tolerates({ operator: "Exists", key: "node.kubernetes.io/unschedulable" }), false);
  });

  it("marks Fargate pods (safe-cycle 14)", () => {
    assert.equal(factsOf({ labels: { "eks.amazonaws.com/fargate-profile": "default" } }).isFargate, true);
  });
});

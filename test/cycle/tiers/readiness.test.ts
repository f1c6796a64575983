import assert from "node:assert/strict";

import {
  readWorkloads,
  servicesOf,
  servicesWithEndpoint,
  surveyOf,
  whyNotReady,
  DEPLOYMENTS,
} from "../../../runtime/cycle/index.js";
import type { ApiObject } from "../../../runtime/ports/index.js";
import { workloadSurvey, type Written } from "./objects.js";

function why(spec: Omit<Written, "name">): string | null {
  const [workload] = readWorkloads(workloadSurvey({ name: "web", ...spec }));
  assert.ok(workload);
  return whyNotReady(workload);
}

describe("a tier member's readiness (W13)", () => {
  it("wants every replica ready and of the newest template", () => {
    assert.equal(why({ replicas: 2 }), null);
    assert.equal(why({ replicas: 2, ready: 1 }), "1 of 2 pods ready");
    assert.equal(why({ replicas: 2, status: { updatedReplicas: 1 } }), "1 of 2 pods updated");
    assert.equal(why({ kind: "DaemonSet", replicas: 3, ready: 2 }), "2 of 3 pods ready");
    assert.equal(why({ kind: "StatefulSet", replicas: 1, ready: 0 }), "0 of 1 pods ready");
  });

  it("does not believe a status that is older than the spec", () => {
    assert.equal(why({ status: { observedGeneration: 1 } }), "its controller has not seen the newest generation");
  });

  it("waits for nothing where nothing is asked for", () => {
    assert.equal(why({ replicas: 0 }), null);
  });

  it("leaves out an object that it cannot understand", () => {
    const strange = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "x", uid: "u" },
      spec: { replicas: "two" },
    };
    assert.deepEqual(readWorkloads(surveyOf([{ type: DEPLOYMENTS, items: [strange] }])), []);
  });
});

describe("a member's Services", () => {
  const service = (name: string, namespace: string, selector?: object): ApiObject => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace, uid: name },
    spec: selector ? { selector } : {},
  });

  it("are those of its namespace that select its pods", () => {
    const [workload] = readWorkloads(workloadSurvey({ name: "dns", namespace: "kube-system" }));
    const services = [
      service("kube-dns", "kube-system", { app: "dns" }),
      service("other", "kube-system", { app: "dns", tier: "x" }),
      service("by-hand", "kube-system"),
      service("kube-dns", "shop", { app: "dns" }),
    ];
    assert.deepEqual(servicesOf(workload!, services), ["kube-system/kube-dns"]);
  });

  it("serve once a slice has an endpoint that is not unready", () => {
    const slice = (name: string, endpoints: unknown): ApiObject => ({
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { name: `${name}-x`, namespace: "shop", uid: name, labels: { "kubernetes.io/service-name": name } },
      endpoints,
    });
    const serving = servicesWithEndpoint([
      slice("up", [{ conditions: { ready: false } }, { conditions: { ready: true } }]),
      slice("unsaid", [{ addresses: ["10.0.0.1"] }]),
      slice("down", [{ conditions: { ready: false } }]),
      slice("empty", null),
    ]);
    assert.deepEqual([...serving], ["shop/up", "shop/unsaid"]);
  });
});

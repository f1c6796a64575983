import assert from "node:assert/strict";

import {
  findDeadlocks,
  PERSISTENT_VOLUME_CLAIMS,
  PERSISTENT_VOLUMES,
  readFailedCreates,
  readUnscheduled,
  surveyOf,
  type Evidence,
} from "../../../runtime/cycle/index.js";
import type { ApiObject } from "../../../runtime/ports/index.js";

const NOW = Date.parse("2026-01-05T07:00:00Z");
const NO_ENDPOINTS =
  'Error creating: Internal error occurred: failed calling webhook "validate.kyverno.svc-fail": failed to call webhook: ' +
  'Post "https://kyverno-svc.kyverno.svc:443/validate/fail?timeout=10s": no endpoints available for service "kyverno-svc"';

function event(message: string, given: object = {}, kind = "DaemonSet", name = "aws-node"): ApiObject {
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: `${name}.1`, namespace: "kube-system", uid: message },
    involvedObject: { kind, namespace: "kube-system", name },
    reason: "FailedCreate",
    message,
    lastTimestamp: "2026-01-05T06:59:00Z",
    ...given,
  };
}

function pendingPod(message: string, claims: readonly string[] = [], name = "db-0"): ApiObject {
  const owner = { apiVersion: "apps/v1", kind: "StatefulSet", name: "db", uid: "u", controller: true };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "shop", uid: name, ownerReferences: [owner] },
    spec: { volumes: claims.map((claimName) => ({ name: claimName, persistentVolumeClaim: { claimName } })) },
    status: {
      phase: "Pending",
      conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message }],
    },
  };
}

function find({
  events = [],
  pods = [],
  ...evidence
}: Partial<Evidence> & { events?: readonly ApiObject[]; pods?: readonly ApiObject[] }) {
  return findDeadlocks({
    failedCreates: readFailedCreates(events, NOW),
    unscheduled: readUnscheduled(pods),
    volumes: surveyOf([]),
    groups: [],
    taints: [],
    ...evidence,
  });
}

describe("the deadlock detector (W10)", () => {
  it("S34: names the webhook without a backend that keeps a DaemonSet from its pods", () => {
    const [found] = find({ events: [event(NO_ENDPOINTS)] });
    assert.equal(found?.owner, "DaemonSet kube-system/aws-node");
    assert.match(
      found.cause,
      /Webhook validate\.kyverno\.svc-fail .* its backend kyverno\/kyverno-svc cannot be reached/,
    );
    assert.match(found.remedy, /failurePolicy of webhook validate\.kyverno\.svc-fail to Ignore until .*kyverno-svc/);
  });

  it("tells a webhook that says no from one that cannot be reached", () => {
    const denied = 'Error creating: admission webhook "check.example" denied the request: no latest tags';
    const [found] = find({ events: [event(denied, {}, "ReplicaSet", "web-5d9c7b8f6")] });
    assert.equal(found?.owner, "Deployment kube-system/web");
    assert.match(found.cause, /check\.example refuses the pods/);
  });

  it("names what else the API server said, as a quota", () => {
    const [found] = find({ events: [event('Error creating: pods "x" is forbidden: exceeded quota: small')] });
    assert.equal(found?.kind, "refused");
    assert.match(found.cause, /exceeded quota: small/);
  });

  it("takes the latest of what a controller said, and nothing older than its longest pause", () => {
    const old = event("old", { lastTimestamp: "2026-01-05T06:30:00Z" });
    const series = event(NO_ENDPOINTS, {
      lastTimestamp: null,
      series: { lastObservedTime: "2026-01-05T06:59:30.000000Z" },
    });
    assert.deepEqual(
      readFailedCreates([event("earlier"), old, series], NOW).map(({ message }) => message),
      [NO_ENDPOINTS],
    );
    assert.deepEqual(readFailedCreates([old], NOW), []);
    assert.deepEqual(readFailedCreates([event("x", { involvedObject: "?" })], NOW), []);
  });

  it("S46: names claim, zone and group of a volume whose zone came up without a node", () => {
    const volumes = surveyOf([
      { type: PERSISTENT_VOLUME_CLAIMS, items: [claim("data-db-0", "pv-1")] },
      { type: PERSISTENT_VOLUMES, items: [volume("pv-1", "eu-west-1a")] },
    ]);
    const evidence = {
      pods: [pendingPod("0/2 nodes are available: 2 node(s) had volume node affinity conflict.", ["data-db-0"])],
      volumes,
    };
    const group = { id: "managed/data", saved: { "eu-west-1a": 1 } };
    const [found] = find({ ...evidence, groups: [{ ...group, live: ["eu-west-1b"] }] });
    assert.equal(found?.isPermanent, true);
    assert.match(found.cause, /claim shop\/data-db-0 of StatefulSet shop\/db lies in eu-west-1a/);
    assert.match(found.cause, /managed\/data had one there before/);
    assert.match(found.remedy, /Give managed\/data a node in eu-west-1a/);
    assert.deepEqual(find({ ...evidence, groups: [{ ...group, live: ["eu-west-1a"] }] }), []);
  });

  it("names taints that stay, and waits for those that go by themselves", () => {
    const [found] = find({
      pods: [pendingPod("0/1 nodes are available: 1 node(s) had untolerated taint {gpu: true}.")],
    });
    assert.match(found?.cause ?? "", /a taint that StatefulSet shop\/db does not tolerate: gpu: true/);
    const unnamed = [pendingPod("0/1 nodes are available: 1 node(s) had untolerated taint(s).")];
    assert.match(
      find({ pods: unnamed, taints: ["dedicated: db", "node.kubernetes.io/not-ready: "] })[0]?.cause ?? "",
      /: dedicated: db\.$/,
    );
    assert.deepEqual(find({ pods: unnamed, taints: ["node.kubernetes.io/not-ready: "] }), []);
    const passing =
      "0/2 nodes are available: 1 node(s) had untolerated taint {gpu: true}, 1 node(s) had untolerated taint {node.kubernetes.io/not-ready: }.";
    assert.deepEqual(find({ pods: [pendingPod(passing)] }), []);
  });

  it("names want of room, which may pass, and a selector that nothing matches", () => {
    const kinds = ["1 Insufficient cpu, 1 Too many pods", "1 node(s) didn't match Pod's node affinity/selector"].map(
      (why) => find({ pods: [pendingPod(`0/1 nodes are available: ${why}.`)] })[0],
    );
    assert.deepEqual(
      kinds.map((one) => [one?.kind, one?.isPermanent]),
      [
        ["no-room", false],
        ["no-such-node", false],
      ],
    );
    assert.match(kinds[0]?.cause ?? "", /Insufficient cpu/);
  });

  it("gives one cause for each workload, and none for a pod that has its node", () => {
    const pods = ["db-0", "db-1"].map((name) => pendingPod("0/1 nodes are available: 1 Insufficient cpu.", [], name));
    assert.equal(find({ pods }).length, 1);
    const bound = { ...pods[0]!, spec: { nodeName: "n1" } };
    assert.deepEqual(find({ pods: [bound] }), []);
  });
});

function claim(name: string, volumeName: string): ApiObject {
  const metadata = { name, namespace: "shop", uid: name };
  return { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata, spec: { volumeName } };
}

function volume(name: string, zone: string): ApiObject {
  const expression = { key: "topology.ebs.csi.aws.com/zone", operator: "In", values: [zone] };
  const required = { nodeSelectorTerms: [{ matchExpressions: [expression] }] };
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name, uid: name },
    spec: { nodeAffinity: { required } },
  };
}

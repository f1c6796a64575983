import type { ApiObject } from "../../../runtime/ports/index.js";
import { DAEMON_SETS, DEPLOYMENTS, STATEFUL_SETS, surveyOf, type Survey } from "../../../runtime/cycle/index.js";

/** What a test says of a workload; the rest is ordinary, and all its pods are ready. */
export interface Written {
  readonly kind?: "Deployment" | "StatefulSet" | "DaemonSet";
  readonly namespace?: string;
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly replicas?: number;
  readonly ready?: number;
  /** Of its only container, e.g. `{ cpu: "100m" }`. */
  readonly requests?: Readonly<Record<string, string>>;
  /** More of the pod's spec. */
  readonly pod?: object;
  readonly claimTemplates?: readonly string[];
  readonly status?: object;
}

/** The object as an API server gives it. */
function written(spec: Written): ApiObject {
  const { kind = "Deployment", namespace = "shop", name, labels = {}, replicas = 1, ready = replicas } = spec;
  const isDaemon = kind === "DaemonSet";
  const counts = isDaemon
    ? { desiredNumberScheduled: replicas, numberReady: ready }
    : { readyReplicas: ready, updatedReplicas: replicas };
  return {
    apiVersion: "apps/v1",
    kind,
    metadata: { namespace, name, uid: `uid-${kind}-${namespace}-${name}`, generation: 2, labels },
    spec: {
      ...(isDaemon ? {} : { replicas }),
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: "main", resources: { requests: spec.requests ?? {} } }], ...spec.pod },
      },
      volumeClaimTemplates: (spec.claimTemplates ?? []).map((claim) => ({ metadata: { name: claim } })),
    },
    status: { observedGeneration: 2, ...counts, ...spec.status },
  };
}

/** A survey of these workloads. */
export function workloadSurvey(...specs: readonly Written[]): Survey {
  const objects = specs.map(written);
  const ofKind = (kind: string) => objects.filter((object) => object.kind === kind);
  return surveyOf([
    { type: DEPLOYMENTS, items: ofKind("Deployment") },
    { type: STATEFUL_SETS, items: ofKind("StatefulSet") },
    { type: DAEMON_SETS, items: ofKind("DaemonSet") },
  ]);
}

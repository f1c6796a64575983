import {
  API_SERVICES,
  CUSTOM_RESOURCE_DEFINITIONS,
  ENDPOINT_SLICES,
  MUTATING_WEBHOOKS,
  NAMESPACES,
  surveyOf,
  VALIDATING_WEBHOOKS,
  type Survey,
} from "../../runtime/cycle/index.js";
import type { ApiObject } from "../../runtime/ports/index.js";

/** A webhook entry as the API server shows it; everything may be said differently. */
export function entry(fields: Readonly<Record<string, unknown>> = {}) {
  return {
    name: "validate.guard.test",
    admissionReviewVersions: ["v1"],
    sideEffects: "None",
    clientConfig: { service: { namespace: "guard", name: "guard-svc", port: 443 }, caBundle: "Q0E=" },
    failurePolicy: "Fail",
    matchPolicy: "Equivalent",
    timeoutSeconds: 10,
    namespaceSelector: {},
    objectSelector: {},
    rules: [rule()],
    ...fields,
  };
}

/** A rule over creations and updates of pods. */
export function rule(fields: Readonly<Record<string, unknown>> = {}) {
  return {
    operations: ["CREATE", "UPDATE"],
    apiGroups: [""],
    apiVersions: ["v1"],
    resources: ["pods"],
    scope: "*",
    ...fields,
  };
}

/** A configuration, named `guard` unless told. */
export function configuration(
  webhooks: readonly object[],
  { kind = "ValidatingWebhookConfiguration", ...metadata }: Partial<ApiObject["metadata"]> & { kind?: string } = {},
): ApiObject {
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind,
    metadata: { name: "guard", uid: `uid-${metadata.name ?? "guard"}`, resourceVersion: "7", ...metadata },
    webhooks,
  };
}

/** Everything that the measure reads; what is left out is empty. */
export interface SurveyParts {
  readonly validating?: readonly ApiObject[];
  readonly mutating?: readonly ApiObject[];
  readonly namespaces?: readonly ApiObject[];
  readonly slices?: readonly ApiObject[];
  readonly definitions?: readonly ApiObject[];
  readonly apiServices?: readonly ApiObject[];
}

/** Namespaces kube-system, kube-node-lease, guard and shop, unless told. */
export function survey(parts: SurveyParts): Survey {
  return surveyOf([
    { type: VALIDATING_WEBHOOKS, items: parts.validating ?? [] },
    { type: MUTATING_WEBHOOKS, items: parts.mutating ?? [] },
    {
      type: NAMESPACES,
      items: parts.namespaces ?? ["kube-system", "kube-node-lease", "guard", "shop"].map((name) => namespace(name)),
    },
    { type: ENDPOINT_SLICES, items: parts.slices ?? [] },
    { type: CUSTOM_RESOURCE_DEFINITIONS, items: parts.definitions ?? [] },
    { type: API_SERVICES, items: parts.apiServices ?? [] },
  ]);
}

export function namespace(name: string, labels: Readonly<Record<string, string>> = {}): ApiObject {
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name, uid: `ns-${name}`, labels: { "kubernetes.io/metadata.name": name, ...labels } },
  };
}

/** Endpoints of a Service; `nodeName` null: on no node, as a person writes them. */
export function slice(
  { namespace: ns, name }: { readonly namespace: string; readonly name: string },
  endpoints: readonly { readonly nodeName: string | null; readonly ready?: boolean }[],
): ApiObject {
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name: `${name}-1`, namespace: ns, uid: `es-${name}`, labels: { "kubernetes.io/service-name": name } },
    endpoints: endpoints.map(({ nodeName, ready = true }) => ({
      addresses: ["10.0.0.9"],
      conditions: { ready },
      ...(nodeName === null ? {} : { nodeName }),
    })),
  };
}

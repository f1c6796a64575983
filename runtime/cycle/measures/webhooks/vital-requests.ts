import { OPERATIONS, type AdmissionRequest } from "./rules.js";

/** Where a request matters: in namespaces that hold the cluster's own parts, in no namespace, or for leases. */
type Realm = "namespaced" | "cluster" | "namespace";

/** A request without which nodes do not join or leave, or system pods do not start (safe-cycle H11). */
export interface VitalRequest extends AdmissionRequest {
  readonly realm: Realm;
}

/** `group/version/resource[/subresource]`, created and updated. */
const NAMESPACED = [
  "/v1/pods",
  "/v1/pods/status",
  "/v1/pods/binding",
  "/v1/pods/eviction",
  "/v1/configmaps",
  "/v1/secrets",
  "/v1/services",
  "/v1/services/status",
  "/v1/endpoints",
  "/v1/serviceaccounts",
  "/v1/serviceaccounts/token",
  "/v1/persistentvolumeclaims",
  "apps/v1/controllerrevisions",
  "apps/v1/daemonsets",
  "apps/v1/daemonsets/status",
  "apps/v1/deployments",
  "apps/v1/deployments/scale",
  "apps/v1/deployments/status",
  "apps/v1/replicasets",
  "apps/v1/replicasets/scale",
  "apps/v1/replicasets/status",
  "apps/v1/statefulsets",
  "apps/v1/statefulsets/scale",
  "apps/v1/statefulsets/status",
  "coordination.k8s.io/v1/leases",
  "discovery.k8s.io/v1/endpointslices",
  "policy/v1/poddisruptionbudgets",
  "policy/v1/poddisruptionbudgets/status",
  "rbac.authorization.k8s.io/v1/rolebindings",
  "rbac.authorization.k8s.io/v1/roles",
];

const OF_THE_CLUSTER = [
  "/v1/nodes",
  "/v1/nodes/status",
  "/v1/persistentvolumes",
  "apiextensions.k8s.io/v1/customresourcedefinitions",
  "apiextensions.k8s.io/v1/customresourcedefinitions/status",
  "apiregistration.k8s.io/v1/apiservices",
  "apiregistration.k8s.io/v1/apiservices/status",
  "authentication.k8s.io/v1/tokenreviews",
  "authorization.k8s.io/v1/subjectaccessreviews",
  "certificates.k8s.io/v1/certificatesigningrequests",
  "certificates.k8s.io/v1/certificatesigningrequests/approval",
  "certificates.k8s.io/v1/certificatesigningrequests/status",
  "rbac.authorization.k8s.io/v1/clusterrolebindings",
  "rbac.authorization.k8s.io/v1/clusterroles",
  "scheduling.k8s.io/v1/priorityclasses",
  "storage.k8s.io/v1/csinodes",
  "storage.k8s.io/v1/volumeattachments",
];

/** These must be able to go, too: a guard over deletions of anything else keeps no cluster from sleeping or waking. */
const MUST_GO = new Set(["/v1/pods", "/v1/nodes", "storage.k8s.io/v1/volumeattachments"]);

/** Every request that the audit looks at. */
export const VITAL_REQUESTS: readonly VitalRequest[] = [
  ...NAMESPACED.flatMap((text) => requests(text, "namespaced")),
  ...OF_THE_CLUSTER.flatMap((text) => requests(text, "cluster")),
  ...requests("/v1/namespaces", "namespace"),
  ...requests("/v1/namespaces/status", "namespace"),
];

/** Requests that end a pod, wherever it is: eviction, kubelet's last status and its final delete (safe-cycle H15, S36). */
export const POD_REMOVALS: readonly AdmissionRequest[] = VITAL_REQUESTS.filter(
  ({ group, resource, subresource, operation }) =>
    group === "" &&
    resource === "pods" &&
    (operation === "DELETE" || (subresource === "eviction" && operation === "CREATE") || subresource === "status"),
);

/** Plain names of the cluster-scoped resources among them, `group/resource`: what a match condition leaves out. */
export const VITAL_CLUSTER_RESOURCES: readonly string[] = [
  ...new Set(
    VITAL_REQUESTS.filter(({ realm }) => realm === "cluster").map(({ group, resource }) => `${group}/${resource}`),
  ),
];

function requests(text: string, realm: Realm): readonly VitalRequest[] {
  const [group = "", version = "", resource = "", subresource = ""] = text.split("/");
  const operations = OPERATIONS.filter((operation) => operation !== "DELETE" || MUST_GO.has(text));
  return operations.map((operation) => ({
    operation,
    group,
    version,
    resource,
    subresource,
    isNamespaced: realm === "namespaced",
    realm,
  }));
}

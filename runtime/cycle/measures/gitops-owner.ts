import type { ApiObject, NamespacedName, ResourceType } from "../../ports/index.js";
import { ARGO_APPLICATIONS, FLUX_HELM_RELEASES, FLUX_KUSTOMIZATIONS } from "../resource-types.js";

/** What delivers an object from Git and puts back what others change in it. */
export interface GitOpsOwner extends NamespacedName {
  readonly type: ResourceType;
  /** Null when the object only names the application: it may lie in any namespace, or in another cluster. */
  readonly namespace: string | null;
}

const ARGO_LABEL = "argocd.argoproj.io/instance";
const ARGO_TRACKING = "argocd.argoproj.io/tracking-id";

/** The owners that an object names by its labels and annotations, whether they are there or not (safe-cycle H7). */
export function namedOwners({ metadata: { labels = {}, annotations = {} } }: ApiObject): readonly GitOpsOwner[] {
  return [
    argoOwner(annotations[ARGO_TRACKING] ?? labels[ARGO_LABEL]),
    fluxOwner(labels, FLUX_KUSTOMIZATIONS),
    fluxOwner(labels, FLUX_HELM_RELEASES),
  ].flatMap((owner) => owner ?? []);
}

/** Words for a person: `Application team-a/web`. */
export function ownerWords({ type, namespace, name }: GitOpsOwner): string {
  return `${type.kind} ${namespace === null ? "" : `${namespace}/`}${name}`;
}

/** `app:group/kind:namespace/name`, where an application outside Argo CD's own namespace is `namespace_app`. */
function argoOwner(tracking: string | undefined): GitOpsOwner | null {
  const app = tracking?.split(":")[0] ?? "";
  if (app === "") return null;
  const [, namespace = null, name = app] = /^([^_]+)_(.+)$/.exec(app) ?? [];
  return { type: ARGO_APPLICATIONS, namespace, name };
}

/** Flux writes `<group>/name` and `<group>/namespace`. */
function fluxOwner(labels: Readonly<Record<string, string>>, type: ResourceType): GitOpsOwner | null {
  const name = labels[`${type.group}/name`];
  const namespace = labels[`${type.group}/namespace`];
  return name === undefined || namespace === undefined ? null : { type, namespace, name };
}

import * as z from "zod";

import { ENDPOINT_SLICES, NAMESPACES } from "../../resource-types.js";
import type { Survey } from "../../survey.js";
import { webhooksOf, type Webhook } from "./webhook.js";

/** Labels of a namespace, by its name. */
export type Namespaces = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** What a webhook is judged against. */
export interface Ground {
  readonly namespaces: Namespaces;
  /**
   * Namespaces that must work before any webhook does: kube-system, the leases of nodes, and those in which webhooks'
   * own backends live, or one backend waits for another.
   */
  readonly guarded: Namespaces;
  /** Whether something still answers for the Service: on Fargate, or outside the cluster (safe-cycle W26). */
  staysUp(service: ServiceRef): boolean;
}

/** The Service that answers for a webhook. */
export interface ServiceRef {
  readonly namespace: string;
  readonly name: string;
}

/** Whether a node with this name is there while the webhook is needed. */
export type IsNodeThere = (nodeName: string) => boolean;

/** EKS names Fargate nodes so; they cost nothing to keep and are not scaled (safe-cycle 14, W26). */
export function isFargateNode(nodeName: string): boolean {
  return nodeName.startsWith("fargate-");
}

export const KUBE_SYSTEM = "kube-system";
/** Kubelets renew their leases here. */
export const NODE_LEASES = "kube-node-lease";
/** Label that the API server puts on every namespace. */
export const NAMESPACE_NAME_LABEL = "kubernetes.io/metadata.name";

/** What the survey says about namespaces and backends. `isNodeThere` judges where a ready endpoint lives. */
export function groundOf(survey: Survey, isNodeThere: IsNodeThere): Ground {
  const namespaces = new Map(
    survey.of(NAMESPACES).map(({ metadata: { name, labels } }) => [name, { [NAMESPACE_NAME_LABEL]: name, ...labels }]),
  );
  const names = [
    KUBE_SYSTEM,
    NODE_LEASES,
    ...webhooksOf(survey).webhooks.flatMap((webhook) => serviceOf(webhook)?.namespace ?? []),
  ];
  const guarded = new Map(names.map((name) => [name, namespaces.get(name) ?? { [NAMESPACE_NAME_LABEL]: name }]));
  const reachable = reachableServices(survey, isNodeThere);
  return {
    namespaces: new Map([...guarded, ...namespaces]),
    guarded,
    staysUp: (service) => reachable.has(`${service.namespace}/${service.name}`),
  };
}

/** The Service behind a webhook; null for one that is asked by URL. */
export function serviceOf({ clientConfig: { url, service } }: Pick<Webhook, "clientConfig">): ServiceRef | null {
  return url === undefined && service !== undefined ? service : null;
}

const sliceSchema = z.object({
  metadata: z.object({ namespace: z.string(), labels: z.record(z.string(), z.string()).default({}) }),
  endpoints: z
    .array(
      z.object({
        nodeName: z.string().optional(),
        conditions: z.object({ ready: z.boolean().nullish() }).optional(),
      }),
    )
    .nullish(),
});

/** Label that says whose endpoints a slice holds. */
export const SERVICE_NAME_LABEL = "kubernetes.io/service-name";

/** Whether a slice has an endpoint that is ready on a node that is there, or on none: then a person put it there (safe-cycle H33). */
export function hasReadyEndpoint(slice: unknown, isNodeThere: IsNodeThere): boolean {
  const parsed = sliceSchema.safeParse(slice);
  return (parsed.data?.endpoints ?? []).some(
    // The API reads an absent condition as ready.
    ({ nodeName, conditions }) => conditions?.ready !== false && (nodeName === undefined || isNodeThere(nodeName)),
  );
}

function reachableServices(survey: Survey, isNodeThere: IsNodeThere): ReadonlySet<string> {
  const slices = survey.of(ENDPOINT_SLICES).filter((slice) => hasReadyEndpoint(slice, isNodeThere));
  return new Set(
    slices.map(({ metadata: { namespace = "", labels = {} } }) => `${namespace}/${labels[SERVICE_NAME_LABEL] ?? ""}`),
  );
}

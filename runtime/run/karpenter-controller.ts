import { DEPLOYMENTS, PODS } from "../cycle/index.js";
import { Failure, type ApiObject, type Kubernetes, type ResourceType } from "../ports/index.js";

/** Karpenter's own workload in the cluster. */
export interface KarpenterController {
  readonly namespace: string;
  readonly name: string;
  /** At least one of its pods serves: finalizers are worked off and instances terminated (safe-cycle H25). */
  readonly isReady: boolean;
}

/** The label of the official chart. */
const LABEL_SELECTOR = "app.kubernetes.io/name=karpenter";
const IMAGE = /(?:^|\/)karpenter\/controller[:@]/;

/**
 * The Deployment that runs Karpenter, by the label of its chart, else by its image; null when there is none, as with EKS
 * Auto Mode, which runs it outside the cluster (safe-cycle H37). Throws `Failure` rbac-denied.
 */
export async function findKarpenterController(
  kubernetes: Pick<Kubernetes, "objects">,
): Promise<KarpenterController | null> {
  const [labelled] = await list(kubernetes, DEPLOYMENTS, LABEL_SELECTOR);
  const found = labelled ?? (await list(kubernetes, DEPLOYMENTS)).find(runsKarpenter);
  if (found === undefined) return null;
  const { namespace = "", name } = found.metadata;
  const { readyReplicas = 0 } = (found["status"] ?? {}) as { readonly readyReplicas?: number };
  return { namespace, name, isReady: readyReplicas > 0 };
}

/** The nodes that the controller's pods are on. Throws `Failure` rbac-denied. */
export async function nodesOfController(
  kubernetes: Pick<Kubernetes, "objects">,
  { namespace, name }: KarpenterController,
): Promise<readonly string[]> {
  const pods = await list(kubernetes, PODS, undefined, namespace);
  const own = pods.filter(({ metadata }) => metadata.name.startsWith(`${name}-`));
  return own.flatMap((pod) => (pod["spec"] as { readonly nodeName?: string } | undefined)?.nodeName ?? []);
}

function runsKarpenter(deployment: ApiObject): boolean {
  const { spec } = deployment as {
    readonly spec?: {
      readonly template?: { readonly spec?: { readonly containers?: readonly { readonly image?: string }[] } };
    };
  };
  return (spec?.template?.spec?.containers ?? []).some(({ image = "" }) => IMAGE.test(image));
}

async function list(
  { objects }: Pick<Kubernetes, "objects">,
  type: ResourceType,
  labelSelector?: string,
  namespace?: string,
): Promise<readonly ApiObject[]> {
  const answer = await objects.list(type, {
    ...(labelSelector === undefined ? {} : { labelSelector }),
    ...(namespace === undefined ? {} : { namespace }),
  });
  if (answer.kind === "listed") return answer.items;
  if (answer.kind === "not-served") return [];
  throw new Failure({
    code: "rbac-denied",
    message: `Curfew may not list ${type.plural}: ${answer.message}`,
    remedy: "Bind the full-cycle role, or set settings.measures.karpenter to report.",
  });
}

import { CustomObjectsApi, KubeConfig, PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";

/** A NodePool or NodeClaim, as far as the lab's Karpenter reads it. */
export interface KarpenterObject {
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly spec: { readonly replicas?: number; readonly limits?: { readonly cpu?: string | number } };
  readonly status?: { readonly providerID?: string };
}

/** Karpenter's objects of one cluster. */
export interface KarpenterObjects {
  list(plural: "nodepools" | "nodeclaims"): Promise<readonly KarpenterObject[]>;
  create(plural: "nodepools" | "nodeclaims", body: object): Promise<void>;
  /** A merge patch. */
  patch(plural: "nodepools" | "nodeclaims", name: string, body: object): Promise<void>;
  patchStatus(plural: "nodepools" | "nodeclaims", name: string, body: object): Promise<void>;
  remove(plural: "nodepools" | "nodeclaims", name: string): Promise<void>;
}

const MERGE_PATCH = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
const TYPE = { group: "karpenter.sh", version: "v1" };

/** Opens them with an administrator's kubeconfig. */
export function karpenterObjects(kubeconfigPath: string): KarpenterObjects {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfigPath);
  const client = config.makeApiClient(CustomObjectsApi);
  return {
    list: async (plural) => {
      const { items } = (await client.listClusterCustomObject({ ...TYPE, plural })) as { items: KarpenterObject[] };
      return items;
    },
    create: async (plural, body) => {
      const kind = plural === "nodepools" ? "NodePool" : "NodeClaim";
      await client.createClusterCustomObject({
        ...TYPE,
        plural,
        body: { apiVersion: "karpenter.sh/v1", kind, ...body },
      });
    },
    patch: async (plural, name, body) => {
      await client.patchClusterCustomObject({ ...TYPE, plural, name, body }, MERGE_PATCH);
    },
    patchStatus: async (plural, name, body) => {
      await client.patchClusterCustomObjectStatus({ ...TYPE, plural, name, body }, MERGE_PATCH);
    },
    remove: async (plural, name) => {
      await client.deleteClusterCustomObject({ ...TYPE, plural, name });
    },
  };
}

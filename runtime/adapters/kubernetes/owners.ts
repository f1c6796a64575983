import { type AppsV1Api, PatchStrategy, setHeaderOptions, type V1ObjectMeta } from "@kubernetes/client-node";
import type { Kubernetes, OwnerRef, PodFacts, ScalableOwner } from "../../ports/index.js";
import { orNull, type Ask } from "./ask.js";
import { hasStatus, isAnotherObject } from "./fault.js";
import { readController } from "./pod-facts.js";

type Controller = NonNullable<PodFacts["controller"]>;

const RESOURCES = { Deployment: "deployments", StatefulSet: "statefulsets", ReplicaSet: "replicasets" } as const;

/** The workloads' share of the port. */
export function createOwners(
  apps: AppsV1Api,
  ask: Ask,
): Pick<Kubernetes, "daemonSetExists" | "findScalableOwner" | "readOwner" | "scaleOwner"> {
  /** By ReplicaSet UID: its own controller never changes in a way that matters here, its pods are many. */
  const replicaSetOwners = new Map<string, Promise<OwnerRef | null>>();

  async function daemonSetExists(namespace: string, name: string): Promise<boolean> {
    const request = ask({ verb: "get", resource: "daemonsets" }, () =>
      apps.readNamespacedDaemonSet({ namespace, name }),
    );
    return (await orNull(request)) !== null;
  }

  async function findScalableOwner({ namespace, controller }: PodFacts): Promise<ScalableOwner | null> {
    if (!controller) return null;
    const owner =
      controller.kind === "ReplicaSet"
        ? await ownerOfReplicaSet(namespace, controller)
        : toOwnerRef(namespace, controller);
    return owner && readOwner(owner);
  }

  function ownerOfReplicaSet(namespace: string, replicaSet: Controller): Promise<OwnerRef | null> {
    const known = replicaSetOwners.get(replicaSet.uid);
    if (known) return known;
    const found = lookUpReplicaSet(namespace, replicaSet);
    replicaSetOwners.set(replicaSet.uid, found);
    found.catch(() => replicaSetOwners.delete(replicaSet.uid));
    return found;
  }

  async function lookUpReplicaSet(namespace: string, replicaSet: Controller): Promise<OwnerRef | null> {
    const metadata = (await readWorkload("ReplicaSet", namespace, replicaSet.name))?.metadata;
    if (metadata?.uid !== replicaSet.uid) return null;
    const controller = readController(metadata);
    // A ReplicaSet that something else controls (Argo Rollouts, say) would be scaled back at once.
    return toOwnerRef(namespace, controller ?? replicaSet);
  }

  async function readOwner(owner: OwnerRef): Promise<ScalableOwner | null> {
    const found = await readWorkload(owner.kind, owner.namespace, owner.name);
    if (found?.metadata?.uid !== owner.uid) return null;
    const { kind, namespace, name, uid } = owner;
    return { kind, namespace, name, uid, replicas: found.spec?.replicas ?? 1 };
  }

  function readWorkload(kind: OwnerRef["kind"], namespace: string, name: string): Promise<Workload | null> {
    const at = { namespace, name };
    const read: Record<OwnerRef["kind"], () => Promise<Workload>> = {
      Deployment: () => apps.readNamespacedDeployment(at),
      StatefulSet: () => apps.readNamespacedStatefulSet(at),
      ReplicaSet: () => apps.readNamespacedReplicaSet(at),
    };
    return orNull(ask({ verb: "get", resource: RESOURCES[kind] }, read[kind]));
  }

  async function scaleOwner({ kind, namespace, name, uid }: OwnerRef, replicas: number): Promise<"scaled" | "gone"> {
    // With the UID in the patch the server itself refuses another object by the same name: no gap between look and write.
    const patch = { namespace, name, body: { metadata: { uid }, spec: { replicas } } };
    const asMergePatch = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
    const scale: Record<OwnerRef["kind"], () => Promise<unknown>> = {
      Deployment: () => apps.patchNamespacedDeploymentScale(patch, asMergePatch),
      StatefulSet: () => apps.patchNamespacedStatefulSetScale(patch, asMergePatch),
      ReplicaSet: () => apps.patchNamespacedReplicaSetScale(patch, asMergePatch),
    };
    try {
      await ask({ verb: "patch", resource: `${RESOURCES[kind]}/scale` }, scale[kind]);
      return "scaled";
    } catch (error) {
      if (hasStatus(error, 404) || isAnotherObject(error)) return "gone";
      throw error;
    }
  }

  return { daemonSetExists, findScalableOwner, readOwner, scaleOwner };
}

interface Workload {
  readonly metadata?: V1ObjectMeta;
  readonly spec?: { readonly replicas?: number };
}

/** Null for owners whose replicas are not Curfew's to set: DaemonSets, Jobs, other projects' controllers. */
function toOwnerRef(namespace: string, { apiVersion, kind, name, uid }: Controller): OwnerRef | null {
  const isScalable = kind === "Deployment" || kind === "StatefulSet" || kind === "ReplicaSet";
  return isScalable && apiVersion.startsWith("apps/") ? { kind, namespace, name, uid } : null;
}

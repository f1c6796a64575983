import * as z from "zod";

import type { ApiObject } from "../../ports/index.js";

/** What of a NodePool matters here. A static one has `replicas`; the limits of a static one are not the lever (safe-cycle H23). */
const poolSchema = z.object({
  replicas: z.number().optional(),
  limits: z.record(z.string(), z.unknown()).optional(),
  template: z
    .object({ spec: z.object({ nodeClassRef: z.object({ group: z.string() }).optional() }).optional() })
    .optional(),
});

const claimSchema = z.object({
  metadata: z.object({ labels: z.record(z.string(), z.string()).optional() }),
  spec: z.object({ nodeClassRef: z.object({ group: z.string() }).optional() }).optional(),
  status: z.object({ providerID: z.string().optional() }).optional(),
});

/** A NodePool, read. */
export interface KarpenterPool {
  readonly kind: "static" | "dynamic";
  readonly hasLimits: boolean;
  /** One of EKS Auto Mode's own: it cannot be changed, only switched through the cluster's config (safe-cycle H37). */
  readonly isBuiltIn: boolean;
}

/** A NodeClaim, read: one instance that costs money until it is gone. */
export interface NodeClaim {
  readonly name: string;
  readonly uid: string;
  /** Null until the instance is launched. */
  readonly instanceId: string | null;
  readonly isDeleting: boolean;
  /** EKS Auto Mode's: its controller runs outside the cluster (safe-cycle H37). */
  readonly isAutoMode: boolean;
}

/** The API group of EKS Auto Mode's node classes; Karpenter's own is karpenter.k8s.aws. */
const AUTO_MODE_GROUP = "eks.amazonaws.com";
const BUILT_IN: ReadonlySet<string> = new Set(["general-purpose", "system"]);

/** Null for a pool of a shape that Curfew does not know. */
export function readPool({ metadata, ["spec"]: spec }: ApiObject): KarpenterPool | null {
  const read = poolSchema.safeParse(spec);
  if (!read.success) return null;
  const { replicas, limits, template } = read.data;
  const isAutoMode = template?.spec?.nodeClassRef?.group === AUTO_MODE_GROUP;
  return {
    kind: replicas === undefined ? "dynamic" : "static",
    hasLimits: limits !== undefined,
    isBuiltIn: isAutoMode && BUILT_IN.has(metadata.name),
  };
}

/** A claim of an unknown shape still counts: what is not understood is not said of it. */
export function readClaim(object: ApiObject): NodeClaim {
  const { name, uid, deletionTimestamp } = object.metadata;
  const { spec, status } = claimSchema.safeParse(object).data ?? {};
  return {
    name,
    uid,
    instanceId: /(i-[0-9a-f]+)$/.exec(status?.providerID ?? "")?.[1] ?? null,
    isDeleting: deletionTimestamp !== undefined,
    isAutoMode: spec?.nodeClassRef?.group === AUTO_MODE_GROUP,
  };
}

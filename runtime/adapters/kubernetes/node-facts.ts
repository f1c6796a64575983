import type { V1Node, V1NodeSpec, V1NodeStatus } from "@kubernetes/client-node";
import type { NodeFacts } from "../../ports/index.js";

const COMPUTE_TYPE_LABEL = "eks.amazonaws.com/compute-type";

/** A node as the API gives it, as facts. */
export function readNodeFacts({ metadata, spec, status }: V1Node): NodeFacts {
  const labels = metadata?.labels ?? {};
  return {
    name: metadata?.name ?? "",
    uid: metadata?.uid ?? "",
    instanceId: readInstanceId(spec?.providerID),
    isUnschedulable: spec?.unschedulable ?? false,
    ready: readReady(status),
    labels,
    taints: readTaints(spec),
    allocatable: status?.allocatable ?? {},
    createdAt: instantOf(metadata?.creationTimestamp),
    isFargate: labels[COMPUTE_TYPE_LABEL] === "fargate",
  };
}

function instantOf(date: Date | undefined): number {
  return date?.getTime() ?? 0;
}

function readTaints(spec: V1NodeSpec | undefined): NodeFacts["taints"] {
  return (spec?.taints ?? []).map(({ key, value = "", effect }) => ({ key, value, effect }));
}

/** Nothing said is as good as "Unknown". */
function readReady(status: V1NodeStatus | undefined): NodeFacts["ready"] {
  const ready = status?.conditions?.find(({ type }) => type === "Ready")?.status;
  return ready === "True" || ready === "False" ? ready : "Unknown";
}

/** `aws:///eu-west-1a/i-0abc` names an EC2 instance; Fargate's and other providers' ids do not. */
function readInstanceId(providerId: string | undefined): string | null {
  return /^aws:\/\/.*\/(i-[^/]+)$/.exec(providerId ?? "")?.[1] ?? null;
}

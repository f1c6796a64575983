import * as z from "zod";

import type { NodeTaint } from "../ports/index.js";
import { addRoom, largerRoom, NO_ROOM, readRoom, type Room } from "./quantity.js";
import type { Workload } from "./tiers/index.js";

/** What one pod needs of a node before it can run there. */
export interface PodDemand {
  /** The workload it belongs to. */
  readonly owner: string;
  readonly room: Room;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: Workload["template"]["spec"]["tolerations"];
  /** `required`: never on a node with its siblings; `preferred`: on another node where there is one. */
  readonly spread: "required" | "preferred" | "none";
  /** Zones that hold a volume it mounts; null: any zone will do (safe-cycle W11). */
  readonly zones: readonly string[] | null;
}

/** The pod of a workload as its template describes it. */
export function demandOf(workload: Workload, owner: string, zones: readonly string[] | null = null): PodDemand {
  const { nodeSelector, tolerations } = workload.template.spec;
  return { owner, room: requestsOf(workload), nodeSelector, tolerations, spread: spreadOf(workload), zones };
}

/** Containers run together; plain init containers one by one before them, with what the sidecars keep. */
function requestsOf({ template }: Workload): Room {
  const { containers, initContainers, overhead } = template.spec;
  const isSidecar = ({ restartPolicy }: { restartPolicy?: string | undefined }) => restartPolicy === "Always";
  const requests = (list: typeof containers) => list.map(({ resources }) => readRoom(resources.requests));
  const sidecars = requests(initContainers.filter(isSidecar)).reduce(addRoom, NO_ROOM);
  const running = requests(containers).reduce(addRoom, sidecars);
  const starting = requests(initContainers.filter((each) => !isSidecar(each))).map((each) => addRoom(each, sidecars));
  return { ...addRoom(starting.reduce(largerRoom, running), readRoom(overhead)), pods: 1 };
}

const affinitySchema = z.object({
  podAntiAffinity: z
    .object({
      requiredDuringSchedulingIgnoredDuringExecution: z.array(z.object({ topologyKey: z.string() })).default([]),
      preferredDuringSchedulingIgnoredDuringExecution: z
        .array(z.object({ podAffinityTerm: z.object({ topologyKey: z.string() }) }))
        .default([]),
    })
    .prefault({}),
});

const HOST = "kubernetes.io/hostname";

/** As far as the template's anti-affinity to its own node goes; other affinities are the scheduler's to solve. */
function spreadOf({ template }: Workload): PodDemand["spread"] {
  const affinity = affinitySchema.safeParse(template.spec.affinity).data?.podAntiAffinity;
  if (!affinity) return "none";
  if (affinity.requiredDuringSchedulingIgnoredDuringExecution.some(({ topologyKey }) => topologyKey === HOST))
    return "required";
  const preferred = affinity.preferredDuringSchedulingIgnoredDuringExecution;
  return preferred.some(({ podAffinityTerm }) => podAffinityTerm.topologyKey === HOST) ? "preferred" : "none";
}

/** Labels and taints of a kind of node. */
export interface NodeMarks {
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly NodeTaint[];
}

/** Whether selector and tolerations let the pod onto such a node. */
export function isAllowedOn({ nodeSelector, tolerations }: PodDemand, { labels, taints }: NodeMarks): boolean {
  const isSelected = Object.entries(nodeSelector).every(([key, value]) => labels[key] === value);
  const repelling = taints.filter(({ effect }) => effect !== "PreferNoSchedule");
  return isSelected && repelling.every((taint) => tolerations.some((toleration) => tolerates(toleration, taint)));
}

function tolerates({ key, operator, value, effect }: PodDemand["tolerations"][number], taint: NodeTaint): boolean {
  if (effect !== "" && effect !== taint.effect) return false;
  if (operator === "Exists") return key === "" || key === taint.key;
  return key === taint.key && value === taint.value;
}

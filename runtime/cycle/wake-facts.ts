import type { ResourceType } from "../ports/index.js";
import type { SystemDemand } from "./bootstrap.js";
import type { Journal } from "./journal.js";
import { demandOf, type PodDemand } from "./pod-demand.js";
import type { Settings } from "./settings.js";
import type { Snapshot } from "./snapshot.js";
import type { Survey } from "./survey.js";
import { arrangeTiers, isSystemTier, readWorkloads, type TierPlan, type Workload, workloadId } from "./tiers/index.js";
import { claimsOf, commonZones, VOLUME_TYPES } from "./volume-zones.js";

/** What the cluster itself says about how it must come up; read once, when a wake is planned. */
export interface WakeFacts {
  readonly tiers: readonly TierPlan[];
  readonly demand: SystemDemand;
  /** UIDs of the system's workloads that Curfew scaled to 0: they get their replicas back before the tiers are waited for. */
  readonly scaledSystem: readonly string[];
  readonly notes: readonly string[];
}

/** What the facts are made from. */
export interface WakeGround {
  /** Workloads. */
  readonly survey: Survey;
  /** Claims and volumes, when `volumeTypesFor` asked for them. */
  readonly volumes: Survey;
  readonly settings: Settings;
  readonly snapshot: Snapshot;
  readonly journal: Journal;
}

/** The types to read besides the workloads: none when no pod of the system mounts a claim. */
export function volumeTypesFor({ survey, settings }: Pick<WakeGround, "survey" | "settings">): readonly ResourceType[] {
  const { system } = split(readWorkloads(survey), settings);
  return system.some((workload) => claimsOf(workload, 0).length > 0) ? VOLUME_TYPES : [];
}

/** Tiers and what the system asks of its nodes; pure. */
export function readWakeFacts({ survey, volumes, settings, snapshot, journal }: WakeGround): WakeFacts {
  const replicas = new Map(journal.scaledOwners.map(({ uid, replicas: before }) => [uid, before]));
  const workloads = readWorkloads(survey).map((workload) => ({
    ...workload,
    wanted: Math.max(workload.wanted, replicas.get(workload.uid) ?? 0),
  }));
  const { tiers, system, notes } = split(workloads, settings);
  const broken = new Set(snapshot.unreadyOwners);
  const { awaited, dropped } = dropBroken(tiers, broken);
  return {
    tiers: awaited,
    demand: {
      pods: system.filter(({ kind }) => kind !== "DaemonSet").flatMap((workload) => podsOf(workload, volumes)),
      daemons: workloads
        .filter(({ kind }) => kind === "DaemonSet")
        .map((workload) => demandOf(workload, workloadId(workload))),
    },
    scaledSystem: system.filter(({ uid }) => replicas.has(uid)).map(({ uid }) => uid),
    notes: [...notes, ...dropped],
  };
}

function split(workloads: readonly Workload[], { tiers: settings }: Settings) {
  const { tiers, notes } = arrangeTiers(workloads, settings);
  const ids = new Set(
    tiers.filter(({ tier }) => isSystemTier(tier)).flatMap(({ members }) => members.map(({ id }) => id)),
  );
  return { tiers, notes, system: workloads.filter((workload) => ids.has(workloadId(workload))) };
}

/** One entry per pod that is not ready now: those that are, have a place already, on Fargate for one (safe-cycle W26). */
function podsOf(workload: Workload, volumes: Survey): readonly PodDemand[] {
  const missing = Math.max(0, workload.wanted - workload.ready);
  return Array.from({ length: missing }, (_, index) =>
    demandOf(workload, workloadId(workload), commonZones(workload.namespace, claimsOf(workload, index), volumes)),
  );
}

/** What was not ready before the sleep is not waited for, unless the wake needs it. */
function dropBroken(tiers: readonly TierPlan[], broken: ReadonlySet<string>) {
  const isDropped = ({ id, isCritical }: TierPlan["members"][number]) => broken.has(id) && !isCritical;
  const dropped = tiers.flatMap(({ members }) => members.filter(isDropped).map(({ id }) => id));
  const awaited = tiers
    .map(({ tier, members }) => ({ tier, members: members.filter((member) => !isDropped(member)) }))
    .filter(({ members }) => members.length > 0);
  const names = `${dropped.slice(0, 5).join(", ")}${dropped.length > 5 ? ` and ${dropped.length - 5} more` : ""}`;
  return {
    awaited,
    dropped: dropped.length === 0 ? [] : [`Not ready before the sleep, so not waited for: ${names}.`],
  };
}

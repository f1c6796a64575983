import {
  ENDPOINT_SLICES,
  readWorkloads,
  SERVICES,
  servicesOf,
  servicesWithEndpoint,
  whyNotReady,
  workloadId,
  WORKLOAD_TYPES,
  type Survey,
  type TierMember,
  type Workload,
} from "../cycle/index.js";
import type { Clock, Kubernetes } from "../ports/index.js";
import { takeSurvey } from "./survey.js";

/** The cluster's workloads at one instant. */
export interface WorkloadLook {
  /** Why a member is not ready, in words; null when it is, or when somebody deleted it. */
  whyNotReady(member: TierMember): Promise<string | null>;
}

/** Looks that the tiers of one run share: when the first shows everything ready, it is the only one. */
export interface WorkloadLooks {
  /** The last look if it was taken within this time, else a new one. */
  look(maxAgeMs: number): Promise<WorkloadLook>;
}

/** Looks at one cluster. Services are listed once, endpoints once per look, both only when a workload's own status is fine. */
export function workloadLooks(kubernetes: Kubernetes, clock: Clock): WorkloadLooks {
  let last: { readonly at: number; readonly look: WorkloadLook } | null = null;
  const services = once(() => takeSurvey([SERVICES], kubernetes));

  return {
    async look(maxAgeMs) {
      if (last !== null && clock.now() - last.at <= maxAgeMs) return last.look;
      const survey = await takeSurvey(WORKLOAD_TYPES, kubernetes);
      const workloads = new Map(readWorkloads(survey).map((workload) => [workloadId(workload), workload]));
      const slices = once(() => takeSurvey([ENDPOINT_SLICES], kubernetes));
      const look: WorkloadLook = {
        async whyNotReady({ id, tier }) {
          const workload = workloads.get(id);
          if (!workload) return null;
          // Applications may have Services by the thousand, and none of them holds up a wake.
          return whyNotReady(workload) ?? (tier === 7 ? null : whyNotServing(workload, services, slices));
        },
      };
      last = { at: clock.now(), look };
      return look;
    },
  };
}

/** A Service of the system's without an endpoint is of no use, whatever its pods say (safe-cycle W13). What may not be read is not asked for. */
async function whyNotServing(
  workload: Workload,
  services: () => Promise<Survey>,
  slices: () => Promise<Survey>,
): Promise<string | null> {
  const own = servicesOf(workload, (await services()).of(SERVICES));
  if (own.length === 0) return null;
  const survey = await slices();
  if (!survey.has(ENDPOINT_SLICES)) return null;
  const serving = servicesWithEndpoint(survey.of(ENDPOINT_SLICES));
  const without = own.filter((name) => !serving.has(name));
  return without.length === 0 ? null : `Service ${without.join(", ")} has no ready endpoint`;
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | null = null;
  return () => (answer ??= read());
}

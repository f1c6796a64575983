import type { FailureInfo } from "../../ports/index.js";
import { amend, MARK } from "../amendment.js";
import { DEPLOYMENTS, LEASES } from "../resource-types.js";
import type { Survey } from "../survey.js";
import { isClusterAutoscaler, LEASE_NAME, readAutoscaler } from "./autoscaler-objects.js";
import { isHeld, readLease, type LeaseFacts } from "./leases.js";
import type { Measure } from "./measure.js";

/**
 * The Kubernetes cluster autoscaler, scaled to 0 before the cordon: running, it sees evicted pods Pending and raises the
 * groups again (safe-cycle H8). One that was at 0 stays at 0. One that runs where Curfew cannot see it is refused (safe-cycle
 * H9).
 */
export const AUTOSCALER: Measure = {
  purpose: "autoscaler",
  reads: [DEPLOYMENTS, LEASES],
  plan(survey, { autoscaler: { names } }) {
    const found = survey.of(DEPLOYMENTS).filter((deployment) => isClusterAutoscaler(deployment, names));
    const amendments = found.flatMap(
      (deployment) =>
        amend(deployment, {
          purpose: "autoscaler",
          type: DEPLOYMENTS,
          path: ["spec", "replicas"],
          ours: 0,
          reason: "it would raise the groups again while they drain",
        }) ?? [],
    );
    return { amendments, notes: missing(names, survey), refusal: refuseUnseen(survey, names) };
  },
};

function missing(names: readonly string[], survey: Survey): readonly string[] {
  const there = new Set(survey.of(DEPLOYMENTS).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`));
  const absent = names.filter((name) => !there.has(name));
  return absent.map((name) => `settings.autoscaler.names: there is no Deployment ${name}.`);
}

/** A lease of an autoscaler that somebody renews although no Deployment here runs one. */
function refuseUnseen(survey: Survey, names: readonly string[]): FailureInfo | null {
  const leases = survey.of(LEASES).flatMap((object) => readLease(object) ?? []);
  const { running, idle } = leasesOf(survey, names);
  const unseen = leases.find(
    (lease) =>
      (lease.name === LEASE_NAME || idle.has(keyOf(lease))) && !running.has(keyOf(lease)) && isHeld(lease, leases),
  );
  return unseen === undefined ? null : unseenFailure(unseen);
}

/** Leases of the Deployments that were found. One that Curfew scaled to 0 counts as running: its last renewal may be fresh. */
function leasesOf(survey: Survey, names: readonly string[]) {
  const running = new Set<string>();
  const idle = new Set<string>();
  for (const deployment of survey.of(DEPLOYMENTS)) {
    const autoscaler = isClusterAutoscaler(deployment, names) ? readAutoscaler(deployment) : null;
    if (!autoscaler?.lease) continue;
    const isOurs = deployment.metadata.annotations?.[MARK] !== undefined;
    (autoscaler.replicas > 0 || isOurs ? running : idle).add(keyOf(autoscaler.lease));
  }
  return { running, idle };
}

function keyOf({ namespace, name }: Pick<LeaseFacts, "namespace" | "name">): string {
  return `${namespace ?? ""}/${name}`;
}

function unseenFailure({ namespace, name, holder }: LeaseFacts): FailureInfo {
  return {
    code: "autoscaler-active",
    message: `A cluster autoscaler is active (${holder} holds the lease ${namespace}/${name}), but no running Deployment here is known as one.`,
    remedy:
      "Name its Deployment in settings.autoscaler.names, stop it where it runs, or set settings.measures.autoscaler to report to go on without pausing it.",
  };
}

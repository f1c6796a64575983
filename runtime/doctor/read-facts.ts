import { MEASURES, typesRead, webhooksMeasure, type Survey } from "../cycle/index.js";
import { readReports } from "../fleet/index.js";
import { wayInto, type Capacity, type FailureInfo, type Kubernetes, type Ports } from "../ports/index.js";
import {
  excludedByTags,
  forecastDrain,
  observeCluster,
  parseReached,
  refuseKarpenter,
  takeSurvey,
  type ObservedCluster,
  type RunTarget,
} from "../run/index.js";
import { askRights } from "./ask-rights.js";
import type { Facts } from "./facts.js";
import { neededPermissions } from "./iam-actions.js";
import { known, learn, learnFrom, type Reading } from "./reading.js";

/** What the reader asks. */
export type DoctorPorts = Pick<Ports, "clock" | "random" | "store" | "connector">;

/** Runs of each kind that the estimate looks at; read twice as many, since nights and mornings take turns. */
const REPORTS_READ = 20;

/**
 * Reads everything that a pre-flight judges (safe-cycle H6), and changes nothing. What one question fails at leaves the
 * others alone. Throws only when the cluster cannot be found at all: then there is nothing to tell.
 */
export async function readFacts(target: RunTarget, ports: DoctorPorts): Promise<Facts> {
  const memory = await recall(target, ports);
  const { entry, capacity, seen } = await enter(target, ports);
  try {
    return { ...memory, ...(await look(target, { entry, capacity, seen }, ports)) };
  } finally {
    if (seen.isKnown) await seen.value.kubernetes.close();
  }
}

/** What is on record. */
async function recall({ id }: RunTarget, { store }: DoctorPorts): Promise<Pick<Facts, "reached" | "reports">> {
  return {
    reached: await learn(async () => parseReached((await store.readCluster(id))?.reached ?? null)),
    reports: await learn(async () => (await readReports([id], { since: 0, limit: REPORTS_READ }, store)).reports),
  };
}

interface Entry {
  /** What a run would fail with at its first look. */
  readonly entry: FailureInfo | null;
  readonly capacity: Capacity;
  readonly seen: Reading<ObservedCluster>;
}

/** A record that cannot be read hides nothing else; a cluster that cannot be entered still has a cloud around it. */
async function enter(target: RunTarget, { store, connector }: DoctorPorts): Promise<Entry> {
  const capacity = await connector.capacity(target.identity, target.access);
  const record = await learn(() => store.readCycle(target.id));
  const seen = await learnFrom(record, (cycle) => observeCluster(target, connector, cycle));
  if (seen.isKnown) return { entry: null, capacity, seen };
  const entry = seen.failure;
  const isOfRecord = !record.isKnown || entry.code.startsWith("snapshot-");
  return { entry, capacity, seen: isOfRecord ? await learn(() => observeCluster(target, connector, undefined)) : seen };
}

async function look(
  target: RunTarget,
  { entry, capacity, seen }: Entry,
  ports: DoctorPorts,
): Promise<Omit<Facts, "reached" | "reports">> {
  const { settings } = target;
  const cluster = seen.isKnown ? seen.value.observation.cluster : await capacity.describeCluster();
  const groups = seen.isKnown ? known(seen.value.observation.groups) : await learn(() => capacity.listGroups());
  const { prospects } = capacity;
  const survey = await learnFrom(seen, ({ kubernetes }) => surveyAll(target, kubernetes));
  return {
    now: ports.clock.now(),
    settings,
    cluster,
    way: wayInto(target.access, cluster),
    entry,
    exclusion: excludedByTags(target.exclusionsByTag, cluster.tags),
    groups,
    observation: await learnFrom(seen, ({ observation }) => observation),
    karpenter: await learnFrom(seen, refuseKarpenter),
    forecast: await learnFrom(seen, (open) => forecastDrain(target, open, ports)),
    survey,
    rights: await learnFrom(seen, ({ kubernetes }) =>
      askRights(kubernetes.objects, settings, survey.isKnown ? survey.value : null),
    ),
    permissions: await learnFrom(groups, (all) =>
      prospects.permissions(neededPermissions(all, settings, cluster.autoMode !== null)),
    ),
    subnets: await learnFrom(groups, (all) => prospects.subnets(all)),
    launchTemplates: await learnFrom(groups, (all) => prospects.launchTemplates(all)),
    addOns: await learn(() => prospects.addOns()),
    refreshes: await learnFrom(groups, (all) => prospects.instanceRefreshes(all)),
    vcpus: await learnFrom(groups, async (all) => ({
      quotas: await prospects.vcpuQuotas(),
      nodes: await prospects.nodeVcpus(all),
    })),
  };
}

/** Webhooks are looked at even where the measure is switched off: they can keep a cluster from waking all the same. */
function surveyAll({ settings }: RunTarget, kubernetes: Kubernetes): Promise<Survey> {
  const types = new Set([...typesRead(MEASURES, settings), ...webhooksMeasure.reads]);
  return takeSurvey([...types], kubernetes);
}

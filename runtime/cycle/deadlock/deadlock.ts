import { controllerId } from "../controller-id.js";
import type { Survey } from "../survey.js";
import { zonesOfClaim } from "../volume-zones.js";
import { blamedWebhook, type FailedCreate } from "./failed-create.js";
import { waitsForZone, type UnscheduledPod } from "./unscheduled-pod.js";

/** Why something does not start, and the one thing to do about it (safe-cycle W10). */
export interface Deadlock {
  readonly kind: "webhook" | "refused" | "volume-zone" | "taint" | "no-room" | "no-such-node";
  /** The workload that is held up: `Kind namespace/name`. */
  readonly owner: string;
  readonly cause: string;
  readonly remedy: string;
  /** Waiting longer cannot help; more nodes might. */
  readonly isPermanent: boolean;
}

/** A group's zones, then and now. */
export interface GroupZones {
  readonly id: string;
  /** Nodes per zone before the sleep. */
  readonly saved: Readonly<Record<string, number>>;
  readonly live: readonly string[];
}

/** What was looked at. */
export interface Evidence {
  readonly failedCreates: readonly FailedCreate[];
  readonly unscheduled: readonly UnscheduledPod[];
  /** Claims and volumes, where a pod waits for one. */
  readonly volumes: Survey;
  readonly groups: readonly GroupZones[];
  /** Taints of the nodes, as `key: value`. */
  readonly taints: readonly string[];
}

/** What holds workloads up, one cause for each, sorted by workload. */
export function findDeadlocks(evidence: Evidence): readonly Deadlock[] {
  const found = [
    ...evidence.failedCreates.map(judgeFailedCreate),
    ...evidence.unscheduled.flatMap((pod) => judgeUnscheduled(pod, evidence) ?? []),
  ];
  const byOwner = new Map(found.toReversed().map((deadlock) => [deadlock.owner, deadlock]));
  return [...byOwner.values()].sort((a, b) => a.owner.localeCompare(b.owner));
}

function judgeFailedCreate(failed: FailedCreate): Deadlock {
  const owner = controllerId(failed);
  const blamed = blamedWebhook(failed.message);
  if (blamed === null) {
    const cause = `${owner} may not create its pods: ${failed.message}`;
    return {
      kind: "refused",
      owner,
      cause,
      remedy: "Repair what the API server names, then wake again.",
      isPermanent: false,
    };
  }
  const { webhook, service, isDenial } = blamed;
  const backend = service === null ? "its backend" : `its backend ${service}`;
  const cause = isDenial
    ? `Webhook ${webhook} refuses the pods of ${owner}: ${failed.message}`
    : `Webhook ${webhook} lets no pod of ${owner} be created, since ${backend} cannot be reached: ${failed.message}`;
  const remedy = isDenial
    ? `Let ${owner} through in the policy behind ${webhook}, then wake again.`
    : `Set failurePolicy of webhook ${webhook} to Ignore until ${backend} runs (settings.measures.webhooks: apply does it), then wake again.`;
  return { kind: "webhook", owner, cause, remedy, isPermanent: false };
}

function judgeUnscheduled(pod: UnscheduledPod, evidence: Evidence): Deadlock | null {
  return judgeZone(pod, evidence) ?? judgeRoom(pod) ?? judgeSelector(pod) ?? judgeTaint(pod, evidence);
}

/** The words of kube-scheduler; the volume's own zone is the proof. */
function judgeZone(pod: UnscheduledPod, { volumes, groups }: Evidence): Deadlock | null {
  if (!waitsForZone(pod)) return null;
  const { namespace, owner, claims } = pod;
  const live = new Set(groups.flatMap((group) => group.live));
  for (const claim of claims) {
    const zones = zonesOfClaim(namespace, claim, volumes);
    if (zones === null || zones.some((zone) => live.has(zone))) continue;
    const where = zones.join(" or ");
    const lost = groups.filter(({ saved }) => zones.some((zone) => (saved[zone] ?? 0) > 0)).map(({ id }) => id);
    const group = lost.length > 0 ? lost.join(", ") : "a group";
    const came = lost.length > 0 ? ` (${group} had one there before the sleep)` : "";
    return {
      kind: "volume-zone",
      owner,
      cause: `The volume of claim ${namespace}/${claim} of ${owner} lies in ${where}, where no node came up${came}.`,
      remedy: `Give ${group} a node in ${where}: raise its desired size until Auto Scaling places one there, then wake again.`,
      isPermanent: true,
    };
  }
  return null;
}

function judgeRoom({ owner, message }: UnscheduledPod): Deadlock | null {
  const lacking = /Insufficient [\w./-]*\w|Too many pods/.exec(message)?.[0];
  if (lacking === undefined) return null;
  return {
    kind: "no-room",
    owner,
    cause: `No node has room for ${owner}: ${lacking}.`,
    remedy: "Raise the desired size of a group that may hold it, or lower its requests.",
    isPermanent: false,
  };
}

/** Newer schedulers name no taint, so those that nodes have are named; one that goes once a node is up is no reason. */
function judgeTaint({ owner, message }: UnscheduledPod, { taints }: Evidence): Deadlock | null {
  if (!message.includes("untolerated taint")) return null;
  const named = [...message.matchAll(/untolerated taints? \{([^}]*)\}/g)].map(([, taint = ""]) => taint.trim());
  const lasting = (named.length > 0 ? named : taints).filter((taint) => !isPassing(taint));
  const [first] = lasting;
  if (first === undefined || lasting.length < named.length) return null;
  const words = lasting.join(", ");
  return {
    kind: "taint",
    owner,
    cause: `The nodes that would do have a taint that ${owner} does not tolerate: ${words}.`,
    remedy: `Take the taint ${first} off the nodes that shall hold it, or give it the toleration.`,
    isPermanent: true,
  };
}

/** Taints that a node carries only until it is up, or while somebody keeps it cordoned. */
function isPassing(taint: string): boolean {
  return /^node\.(?:cloudprovider\.)?kubernetes\.io\//.test(taint);
}

function judgeSelector({ owner, message }: UnscheduledPod): Deadlock | null {
  if (!/didn't match Pod's node affinity|didn't match node selector/.test(message)) return null;
  return {
    kind: "no-such-node",
    owner,
    cause: `No node that came up matches the node selector of ${owner}${message.includes("untolerated taint") ? " and has only taints that it tolerates" : ""}.`,
    remedy: "Bring up the group whose nodes it selects; labels that were set by hand went with the old nodes.",
    isPermanent: false,
  };
}

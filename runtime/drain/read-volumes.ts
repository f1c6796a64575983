import type { ApiObject, Kubernetes, ListAnswer, PodFacts } from "../ports/index.js";

import type { DrainContext } from "./context.js";
import { daemonSetOf } from "./pod-kind.js";
import type { DrainState } from "./state.js";
import { PERSISTENT_VOLUMES, VOLUME_ATTACHMENTS } from "./volume-types.js";
import type { Attachment, VolumeFacts } from "./volumes.js";

/** While volumes matter they are read again at most this often; detaching one takes EBS some seconds. */
const VOLUMES_AGAIN_MS = 1500;
/** A drain that began so long before this process is the continuation of another one's. */
const CONTINUED_AFTER_MS = 1000;

/** What reading volumes came to. */
export interface VolumeLook {
  readonly facts: VolumeFacts;
  /** Why they could not be read, in words; null when they could. */
  readonly problem: string | null;
}

/**
 * Reads volumes where they matter, else makes no call: once some pod that is to leave has a claim, and in a
 * continued drain, whose earlier process may have seen such pods off. Null when they are not due.
 */
export async function readVolumesIfDue(
  pods: readonly PodFacts[],
  { state, request, begunAt, ports }: DrainContext,
): Promise<VolumeLook | null> {
  const { clock, kubernetes } = ports;
  state.hasVolumes ||= begunAt - request.startedAt > CONTINUED_AFTER_MS || pods.some(mayBringVolumes);
  const now = clock.now();
  if (!state.hasVolumes || state.volumeProblem !== null) return null;
  if (state.volumes !== null && now - state.volumes.readAt < VOLUMES_AGAIN_MS) return null;
  return readVolumes(kubernetes, now);
}

/** DaemonSet and static pods stay, and their volumes with them. */
function mayBringVolumes(pod: PodFacts): boolean {
  return pod.claims.length > 0 && !pod.isMirror && daemonSetOf(pod) === null;
}

/** When volumes are due that nobody has read since their node's last pod went; null when there are none such. */
export function unreadVolumesDueAt({ volumes, nodes, refusedNodes }: DrainState): number | null {
  const isUnread = [...nodes.values()].some(
    (node) => node.podsGoneAt !== null && node.volumes === null && !refusedNodes.has(node.facts.name),
  );
  return isUnread && volumes !== null ? volumes.readAt + VOLUMES_AGAIN_MS : null;
}

async function readVolumes({ objects }: Kubernetes, readAt: number): Promise<VolumeLook> {
  const [volumes, attachments] = await Promise.all([
    objects.list(PERSISTENT_VOLUMES),
    objects.list(VOLUME_ATTACHMENTS),
  ]);
  const refused = [volumes, attachments].find(({ kind }) => kind === "forbidden");
  const facts = {
    readAt,
    volumeOfClaim: new Map(itemsOf(volumes).flatMap(bindingOf)),
    attachments: itemsOf(attachments).flatMap(readAttachment),
  };
  return { facts, problem: refused?.kind === "forbidden" ? refused.message : null };
}

function itemsOf(answer: ListAnswer): readonly ApiObject[] {
  return answer.kind === "listed" ? answer.items : [];
}

interface VolumeShape {
  readonly spec?: { readonly claimRef?: { readonly namespace?: string; readonly name?: string } };
  readonly status?: { readonly phase?: string };
}

/** The claim that a volume is bound to. A Released one still names its old claim, whose name may be another one's by now. */
export function bindingOf(object: ApiObject): readonly (readonly [claim: string, volume: string])[] {
  const { spec, status } = object as VolumeShape;
  const { namespace, name } = spec?.claimRef ?? {};
  if (namespace === undefined || name === undefined || status?.phase === "Released") return [];
  return [[`${namespace}/${name}`, object.metadata.name]];
}

interface AttachmentShape {
  readonly spec?: { readonly nodeName?: string; readonly source?: { readonly persistentVolumeName?: string } };
}

/** It counts until its object is gone: only then has the driver detached the volume. */
function readAttachment(object: ApiObject): readonly Attachment[] {
  const { spec } = object as AttachmentShape;
  if (spec?.nodeName === undefined) return [];
  return [{ nodeName: spec.nodeName, volume: spec.source?.persistentVolumeName ?? object.metadata.name }];
}

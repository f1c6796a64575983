import type { ApiObject, Objects, PodFacts } from "../ports/index.js";

import { podId } from "./pod-kind.js";
import { bindingOf } from "./read-volumes.js";
import { PERSISTENT_VOLUMES } from "./volume-types.js";
import { compareText } from "./wording.js";

/** A pod's volume that lies on its node's own disk. */
export interface LocalVolume {
  /** `namespace/name`. */
  readonly pod: string;
  readonly volume: string;
}

/**
 * The volumes of pods that go with their node (safe-cycle 9), sorted by pod. No call while no pod has a claim, else one
 * list; none are found where Curfew may not list volumes, which a drain says by itself.
 */
export async function findLocalVolumes(
  pods: readonly PodFacts[],
  objects: Pick<Objects, "list">,
): Promise<readonly LocalVolume[]> {
  const withClaims = pods.filter(({ claims }) => claims.length > 0);
  if (withClaims.length === 0) return [];
  const answer = await objects.list(PERSISTENT_VOLUMES);
  const volumes = answer.kind === "listed" ? answer.items.filter(isLocal) : [];
  const byClaim = new Map(volumes.flatMap(bindingOf));
  return withClaims
    .flatMap((pod) =>
      pod.claims.map((claim) => ({ pod: podId(pod), volume: byClaim.get(`${pod.namespace}/${claim}`) })),
    )
    .filter((found): found is LocalVolume => found.volume !== undefined)
    .sort((a, b) => compareText(a.pod, b.pod));
}

function isLocal(object: ApiObject): boolean {
  const { spec } = object as { readonly spec?: { readonly local?: unknown; readonly hostPath?: unknown } };
  return spec?.local !== undefined || spec?.hostPath !== undefined;
}

/** The warning about one of them. */
export function describeLocalVolume({ pod, volume }: LocalVolume): string {
  return `${pod} keeps its data in volume ${volume} on its node's own disk: the data goes with the node, and the pod finds no place in the morning.`;
}

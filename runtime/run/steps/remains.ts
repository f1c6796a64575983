import { ENDPOINT_SLICES, VOLUME_ATTACHMENTS } from "../../cycle/index.js";
import type { ApiObject, ListOptions, ResourceType } from "../../ports/index.js";
import type { StepContext } from "../context.js";

/** Slices that Kubernetes itself keeps for services with a selector; what others write by hand is theirs (safe-cycle H33). */
const OF_SELECTORS = { labelSelector: "endpointslice.kubernetes.io/managed-by=endpointslice-controller.k8s.io" };

/** What gone nodes left behind, in words; `present` are the names of all nodes that there are. */
export type LookForRemains = (present: readonly string[]) => Promise<readonly string[]>;

/**
 * Looks for endpoints that services would still send to gone nodes, which is why a wake fails with dial timeouts (safe-cycle
 * H33), and for volumes still attached to them (H32): one list each. What RBAC hides is skipped, with one warning.
 */
export function lookForRemains(context: StepContext): LookForRemains {
  const hidden = new Set<ResourceType>();

  async function list(type: ResourceType, options: ListOptions = {}): Promise<readonly ApiObject[]> {
    if (hidden.has(type)) return [];
    const answer = await context.kubernetes.objects.list(type, options);
    if (answer.kind === "listed") return answer.items;
    hidden.add(type);
    if (answer.kind === "forbidden")
      context.notes.warnings.push(`Not verified, because Curfew may not list ${type.plural}: ${answer.message}`);
    return [];
  }

  return async (present) => {
    const names = new Set(present);
    const [slices, attachments] = await Promise.all([list(ENDPOINT_SLICES, OF_SELECTORS), list(VOLUME_ATTACHMENTS)]);
    return [
      ...slices.filter((slice) => pointsToGoneNode(slice, names)).map((slice) => `endpoints of ${serviceOf(slice)}`),
      ...attachments
        .filter((attachment) => isOnGoneNode(attachment, names))
        .map((attachment) => `volume attachment ${attachment.metadata.name} (${nodeNameOf(attachment) ?? ""})`),
    ];
  };
}

interface SliceShape {
  readonly endpoints?: readonly {
    readonly nodeName?: string;
    readonly conditions?: { readonly ready?: boolean };
  }[];
}

/** Ready by default, as the API defines it. */
function pointsToGoneNode(slice: ApiObject, present: ReadonlySet<string>): boolean {
  const { endpoints } = slice as SliceShape;
  return (endpoints ?? []).some(
    ({ nodeName, conditions }) => nodeName !== undefined && !present.has(nodeName) && conditions?.ready !== false,
  );
}

function serviceOf({ metadata }: ApiObject): string {
  return `${metadata.namespace ?? ""}/${metadata.labels?.["kubernetes.io/service-name"] ?? metadata.name}`;
}

/** Whether a VolumeAttachment names a node that is not there. */
export function isOnGoneNode(attachment: ApiObject, present: ReadonlySet<string>): boolean {
  const nodeName = nodeNameOf(attachment);
  return nodeName !== undefined && !present.has(nodeName);
}

/** The node that a VolumeAttachment names. */
export function nodeNameOf(attachment: ApiObject): string | undefined {
  const { spec } = attachment as { readonly spec?: { readonly nodeName?: string } };
  return spec?.nodeName;
}

import * as z from "zod";

import { PERSISTENT_VOLUME_CLAIMS, PERSISTENT_VOLUMES } from "./resource-types.js";
import type { Survey } from "./survey.js";
import type { Workload } from "./tiers/index.js";

/** What has to be read to know where volumes lie. */
export const VOLUME_TYPES = [PERSISTENT_VOLUME_CLAIMS, PERSISTENT_VOLUMES] as const;

const claimSchema = z.object({ spec: z.object({ volumeName: z.string() }) });

const volumeSchema = z.object({
  spec: z.object({
    nodeAffinity: z.object({
      required: z.object({
        nodeSelectorTerms: z.array(
          z.object({
            matchExpressions: z
              .array(z.object({ key: z.string(), operator: z.string(), values: z.array(z.string()).default([]) }))
              .default([]),
          }),
        ),
      }),
    }),
  }),
});

/** Keys under which volumes name their zone: the general one, that of the EBS CSI driver, and the old one. */
const ZONE_KEYS = [
  "topology.kubernetes.io/zone",
  "topology.ebs.csi.aws.com/zone",
  "failure-domain.beta.kubernetes.io/zone",
];

/** The zones in which the volume bound to a claim can be mounted; null when it is not bound to any, or not bound at all. */
export function zonesOfClaim(namespace: string, name: string, survey: Survey): readonly string[] | null {
  const claim = survey
    .of(PERSISTENT_VOLUME_CLAIMS)
    .find(({ metadata }) => metadata.namespace === namespace && metadata.name === name);
  const volumeName = claimSchema.safeParse(claim).data?.spec.volumeName;
  const volume = survey.of(PERSISTENT_VOLUMES).find(({ metadata }) => metadata.name === volumeName);
  const terms = volumeSchema.safeParse(volume).data?.spec.nodeAffinity.required.nodeSelectorTerms ?? [];
  const zones = terms.flatMap(({ matchExpressions }) =>
    matchExpressions
      .filter(({ key, operator }) => ZONE_KEYS.includes(key) && operator === "In")
      .flatMap(({ values }) => values),
  );
  return zones.length === 0 ? null : [...new Set(zones)].sort();
}

/** Names of the claims that the workload's `index`-th pod mounts. */
export function claimsOf({ template, claimTemplates, name }: Workload, index: number): readonly string[] {
  const shared = template.spec.volumes.flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
  return [...shared, ...claimTemplates.map((claim) => `${claim}-${name}-${index}`)];
}

/** Zones that all of these claims share; null when none is bound to a zone. */
export function commonZones(namespace: string, claims: readonly string[], survey: Survey): readonly string[] | null {
  return claims
    .map((claim) => zonesOfClaim(namespace, claim, survey))
    .reduce(
      (common, zones) => (common && zones ? common.filter((zone) => zones.includes(zone)) : (zones ?? common)),
      null,
    );
}

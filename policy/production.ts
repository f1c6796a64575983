import * as z from "zod";

import { matchesGlob } from "../runtime/config/glob.js";
import type { DeclaredCluster } from "./cluster-schedule.js";

/** By what a cluster is known to be production: its name, or one of its tags. The rules about production share it. */
export const productionFields = {
  names: z
    .array(z.string().min(1))
    .default(["prod", "production", "*-prod", "*-production", "prod-*", "production-*"])
    .describe("Names of production clusters; * and ? are wildcards."),
  tags: z
    .array(z.string().regex(/^[^=]+=/, { error: "must be key=value" }))
    .default(["environment=prod*", "env=prod*", "stage=prod*", "tier=prod*"])
    .describe("Tags of production clusters, as key=value; * and ? are wildcards in the value."),
};

export interface ProductionConfig {
  readonly names: readonly string[];
  readonly tags: readonly string[];
}

/** What makes a cluster production, in words; undefined for one that is not. */
export function whyProduction(
  { identity, tags }: Pick<DeclaredCluster, "identity" | "tags">,
  config: ProductionConfig,
): string | undefined {
  const name = config.names.find((pattern) => matchesGlob(pattern, identity.name));
  if (name !== undefined) return `its name fits ${name}`;
  const tag = config.tags.find((wanted) => fitsTag(wanted, tags));
  return tag === undefined ? undefined : `its tags fit ${tag}`;
}

function fitsTag(wanted: string, tags: DeclaredCluster["tags"]): boolean {
  const at = wanted.indexOf("=");
  const value = tags[wanted.slice(0, at)];
  return value !== undefined && matchesGlob(wanted.slice(at + 1), value);
}

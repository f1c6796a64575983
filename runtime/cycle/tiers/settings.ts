import * as z from "zod";

import { findDependencyCycle } from "./dependency-cycle.js";
import { TIERS, type Tier } from "./tier.js";

const NAMESPACED = /^[a-z0-9][a-z0-9.-]*\/[a-z0-9][a-z0-9.-]*$/;

const memberSchema = z.strictObject({
  tier: z.literal(TIERS),
  /** Whether the wake needs it: in tiers 1 to 3 it stops without it, later it ends partial. Left out: as Curfew knows it. */
  critical: z.boolean().optional(),
  /** Other workloads, as `namespace/name`, that are waited for first. */
  dependsOn: z.array(z.string().regex(NAMESPACED)).optional(),
});

const membersSchema = z.record(z.string().regex(NAMESPACED), memberSchema).check(({ value, issues }) => {
  const dependencies = Object.entries(value).map(([name, { dependsOn = [] }]) => [name, dependsOn] as const);
  const cycle = findDependencyCycle(Object.fromEntries(dependencies));
  if (cycle === null) return;
  const message = `dependsOn goes in a circle: ${cycle.join(" -> ")}`;
  issues.push({ code: "custom", message, input: value, path: [cycle[0] ?? "", "dependsOn"] });
});

const timeoutSeconds = z.number().int().min(1).max(86_400);

const tierNumbers = z.enum(TIERS.map(String) as [`${Tier}`, ...`${Tier}`[]]);

/** How the tiers of a wake are put together and how long each may take (safe-cycle W13). */
export const tiersSettingsSchema = z.strictObject({
  /** From the moment a tier's turn comes until its members are ready. */
  timeoutSeconds: timeoutSeconds.default(300),
  /** Tiers that have more time, or less, by their number: `{ "3": 600 }`. */
  timeouts: z.partialRecord(tierNumbers, timeoutSeconds).default({}),
  /** Workloads, as `namespace/name`, that belong to another tier than Curfew thinks, or depend on others. */
  members: membersSchema.default({}),
});

/** Parsed settings of the tiers. */
export type TiersSettings = z.output<typeof tiersSettingsSchema>;

/** How long these tiers may take one after the other, in milliseconds. */
export function tierBudgetMs(tiers: readonly Tier[], settings: TiersSettings): number {
  const seconds = tiers.map((tier) => settings.timeouts[`${tier}`] ?? settings.timeoutSeconds);
  return seconds.reduce((sum, one) => sum + one, 0) * 1000;
}

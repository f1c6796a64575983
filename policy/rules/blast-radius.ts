import type { PolicyResource } from "@pulumi/policy";
import * as z from "zod";

import { CLUSTER_SCHEDULE } from "../cluster-schedule.js";
import { departedClusters } from "../departed.js";
import type { PreviousCluster } from "../previous-state.js";
import { stackRule, type Finding } from "../rule.js";
import { stateField } from "../state-config.js";
import { textAt } from "../value.js";
import type { World } from "../world.js";

const config = z.strictObject({
  ...stateField,
  mostPercent: z
    .number()
    .min(0)
    .max(100)
    .default(25)
    .describe("Share of the stack's clusters that one run may change."),
  alwaysClusters: z.number().int().min(0).default(10).describe("So many may be changed however small the stack is."),
  mostClusters: z.number().int().min(0).exactOptional().describe("No more than so many, however large the stack is."),
  mostNew: z.number().int().min(0).exactOptional().describe("No more than so many new clusters at once."),
});

/**
 * One wrong line in a shared profile changes every cluster that uses it. Counted are clusters whose declaration changes and
 * clusters that go; new ones disturb nobody yet and have a bound of their own. Judged in the preview, because the engine
 * asks rules about whole stacks last.
 */
export const blastRadius = ({ previousState }: World) =>
  stackRule({
    name: "blast-radius",
    says: "One run changes few of the clusters that are there.",
    whatToDo: "Change them in steps, or raise the bound in the policy's config for this one run.",
    config,
    async check(resources, settings) {
      const previous = await previousState();
      if (previous.ok) return checkRadius(previous.clusters, resources, settings);
      if (settings.unreadableState === "allow") return [];
      return [
        {
          problem: `How many clusters change cannot be told, for the stack's state cannot be read: ${previous.problem}`,
        },
      ];
    },
  });

function* checkRadius(
  previous: readonly PreviousCluster[],
  resources: readonly PolicyResource[],
  settings: z.output<typeof config>,
): Iterable<Finding> {
  const schedules = resources.filter(({ type }) => type === CLUSTER_SCHEDULE);
  const { changed, added } = compare(previous, schedules);
  const gone = departedClusters(previous, schedules).length;
  const most = mostOf(previous.length, settings);
  if (changed + gone > most)
    yield {
      problem: `${changed + gone} of ${previous.length} clusters are changed (${gone} of them go), and one run may change ${most}`,
    };
  if (added > (settings.mostNew ?? Infinity))
    yield { problem: `${added} clusters are new, and one run may add ${String(settings.mostNew)}` };
}

function mostOf(
  count: number,
  { mostPercent, alwaysClusters, mostClusters = Infinity }: z.output<typeof config>,
): number {
  return Math.min(mostClusters, Math.max(alwaysClusters, Math.floor((count * mostPercent) / 100)));
}

/**
 * In a preview a resource that changes shows its new inputs, the declaration among them; one that stays shows its old
 * outputs, which have none.
 */
function compare(previous: readonly PreviousCluster[], schedules: readonly PolicyResource[]) {
  const before = new Map(previous.map((cluster) => [cluster.urn, cluster]));
  let changed = 0;
  let added = 0;
  for (const { urn, props, opts } of schedules) {
    const old = [urn, ...opts.aliases].map((name) => before.get(name)).find((found) => found !== undefined);
    const declaration = textAt(props, "declaration");
    if (old === undefined) added++;
    else if (declaration !== undefined && declaration !== old.declaration) changed++;
  }
  return { changed, added };
}
